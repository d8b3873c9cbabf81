import PrecallCore
import Testing

/// What is told of the way where the server was not reached: how the computer is connected, and whether its
/// router answers. The router is another network namespace.
@Suite(.needsIsolation, .serialized, .timeLimit(.minutes(2))) struct UnreachedTests {
  /// A router that passes nothing on and answers pings, unless `inRouter` forbids it.
  private static func router(_ inRouter: String = "") -> String {
    """
    # What is there shows the interfaces of the computer that this one is set apart from.
    mount -t sysfs none /sys
    unshare -n sleep 60 &
    router=$!
    pids="$pids $router"
    while [ "$(readlink /proc/$router/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
    ip link add home type veth peer name far netns $router
    ip address add 10.5.0.2/24 dev home
    ip link set home up
    nsenter -t $router -n sh -c 'ip address add 10.5.0.1/24 dev far; ip link set far up; \(inRouter)'
    ip route add default via 10.5.0.1
    """
  }
  private static let muteRouter = router("echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all")
  private static let silentNames = [(address: "127.0.0.2", behaviour: "silent")]

  private func finding(_ code: String, _ outcome: IsolatedComputer.Outcome) throws -> JSONValue {
    try #require(
      outcome.report.array("findings")?.first { $0["code"]?.string == Array(code.utf8) },
      "\(outcome.codes)")
  }

  private func interface(_ outcome: IsolatedComputer.Outcome) -> String {
    let path = outcome.report["checks"]?["network"]?["path"]
    return String(decoding: path?["interface"]?.string ?? [], as: UTF8.self)
  }

  @Test(arguments: [(router(), true), (muteRouter, false)])
  func `names that are not found are the line's fault once the router is known to answer`(
    setUp: String, answers: Bool
  ) async throws {
    let outcome = try await IsolatedComputer(resolvers: Self.silentNames, setUp: setUp).check()
    let failed = try finding("network.lookup-failed", outcome)
    #expect(failed["located"]?.bool == (answers ? true : nil))
    #expect(failed["place"]?.string == Array((answers ? "access-line" : "local-network").utf8))
    #expect((outcome.metric("network.gateway-time") != nil) == answers)
    #expect(interface(outcome) == "virtual")
    #expect(outcome.seconds < 8.5, "\(outcome.seconds)")
  }

  @Test func `a server that does not answer behind a router that does is told with the router's time`()
    async throws
  {
    let outcome = try await IsolatedComputer(setUp: Self.router(), address: "http://192.0.2.7:8080").check()
    #expect(try finding("network.connect-timeout", outcome)["located"] == nil)
    #expect(outcome.metric("network.gateway-time") != nil)
    #expect(interface(outcome) == "virtual")
    #expect(outcome.seconds < 6, "\(outcome.seconds)")
  }
}
