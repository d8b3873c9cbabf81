import PrecallCore
import Testing

/// The real command against the real server where only one family of addresses works, and where names are
/// looked up late, wrongly or never.
@Suite(.needsIsolation, .serialized, .timeLimit(.minutes(5))) struct NameAndFamilyTests {
  private static let both = ["127.0.0.1 \(IsolatedComputer.name)", "::1 \(IsolatedComputer.name)"]
  private static let noIPv6 = "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6"
  private static let noIPv4 = "ip -4 addr flush dev lo"

  @Test(arguments: [
    ("a server of IPv6 only", "::1", ""), ("a server of IPv4 only", "127.0.0.1", ""),
    ("a computer of IPv6 only", "::1", noIPv4), ("a computer of IPv4 only", "127.0.0.1", noIPv6),
  ]) func `a name with both kinds of address is measured by the one that works`(
    what: String, host: String, setUp: String
  ) async throws {
    let outcome = try await IsolatedComputer(hosts: Self.both, setUp: setUp, serverHost: host).check()
    #expect(outcome.seconds < 10, "\(what)")
    for metric in [
      "network.round-trip-time" as StaticString, "network.rehearsed-rate", "network.upload",
    ] {
      #expect(outcome.metric(metric) != nil, "\(what): \(metric), \(outcome.codes)")
    }
    #expect(outcome.codes.isDisjoint(with: ["network.udp-blocked", "network.unreachable"]), "\(what)")
  }

  @Test(arguments: [
    ("fd00::9", "ip -6 route add fd00::/64 dev lo", "127.0.0.1", "network.ipv6-broken"),
    ("10.99.0.9", "ip route add 10.99.0.0/24 dev lo", "::1", "network.ipv4-broken"),
  ]) func `a version of IP that swallows everything is named, and costs no time`(
    dead: String, setUp: String, host: String, code: String
  ) async throws {
    let hosts = [dead, host].map { "\($0) \(IsolatedComputer.name)" }
    let outcome = try await IsolatedComputer(hosts: hosts, setUp: setUp, serverHost: host).check()
    #expect(outcome.codes.intersection(Self.familyCodes) == [code], "\(outcome.codes)")
    #expect(outcome.metric("network.rehearsed-rate") != nil)
    #expect(outcome.seconds < 8, "\(outcome.seconds)")
  }

  @Test(arguments: [("::1", "network.ipv4-broken"), ("127.0.0.1", "network.ipv6-broken"), ("::", "")])
  func `a version of IP at which nobody listens is the server's`(host: String, code: String) async throws {
    let outcome = try await IsolatedComputer(hosts: Self.both, serverHost: host).check()
    let found = outcome.codes.intersection(Self.familyCodes)
    #expect(found == (code.isEmpty ? [] : [code]), "\(outcome.codes)")
    for (metric, dead) in [
      ("network.connect-time-ipv4" as StaticString, "network.ipv4-broken"),
      ("network.connect-time-ipv6", "network.ipv6-broken"),
    ] { #expect((outcome.metric(metric) != nil) == (code != dead), "\(metric)") }
  }

  private static let familyCodes: Set = [
    "network.ipv6-broken", "network.ipv4-broken", "network.ip-versions-differ",
  ]

  @Test func `a server that has no address of ours is unreachable, at once`() async throws {
    let hosts = ["::1 \(IsolatedComputer.name)"]
    let outcome = try await IsolatedComputer(hosts: hosts, setUp: Self.noIPv6, serverHost: "127.0.0.1")
      .check()
    #expect(outcome.codes.contains("network.unreachable"), "\(outcome.codes)")
    #expect(outcome.seconds < 3)
  }

  private func check(_ resolvers: (String, String)...) async throws -> IsolatedComputer.Outcome {
    try await IsolatedComputer(resolvers: resolvers.map { (address: $0.0, behaviour: $0.1) }).check()
  }

  @Test func `a name found after four seconds is told, and the line is measured`() async throws {
    let outcome = try await check(("127.0.0.2", "wait=4 a=127.0.0.1"))
    #expect(outcome.codes.contains("network.slow-lookup"), "\(outcome.codes)")
    #expect(
      outcome.metric("network.round-trip-time") != nil && outcome.metric("network.rehearsed-rate") != nil)
    let lookup = outcome.metric("network.name-lookup-time")?["measured_us"]?.integer ?? 0
    #expect((3_900_000...4_600_000).contains(lookup), "\(lookup)")
    #expect(outcome.seconds < 11)
  }

  @Test func `a first name server that is silent costs five seconds and no more than its note`() async throws
  {
    let outcome = try await check(("127.0.0.2", "silent"), ("127.0.0.3", "a=127.0.0.1"))
    #expect(outcome.codes.contains("network.slow-lookup"), "\(outcome.codes)")
    #expect(outcome.metric("network.round-trip-time") != nil)
    #expect(outcome.seconds < 11)
  }

  @Test(arguments: [
    ("silent", "network.lookup-failed", 8.5), ("wait=8 a=127.0.0.1", "network.lookup-failed", 8.5),
    ("fails", "network.lookup-failed", 3), ("unknown", "network.unknown-host", 3),
  ]) func `a name that is not found in time is told as what it is`(
    behaviour: String, code: String, seconds: Double
  ) async throws {
    let outcome = try await check(("127.0.0.2", behaviour))
    #expect(outcome.codes.contains(code), "\(outcome.codes)")
    #expect(outcome.metric("network.round-trip-time") == nil)
    #expect(outcome.seconds < seconds, "\(outcome.seconds)")
  }
}
