import FoundationEssentials
import Glibc
import PrecallCore
import PrecallTestSupport
import Subprocess
import Testing

/// The lab for those who are not root: in a user namespace or, where the kernel forbids it, not at all, with the
/// reason.
@Suite(.serialized, .timeLimit(.minutes(2))) struct UnprivilegedTests {
  /// What makes a command one of a user who may nothing special; root runs the tests as nobody.
  private static let user =
    getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all " : ""

  /// What makes a command run where the kernel grants no namespace: a user namespace whose limit is none
  /// (namespaces(7)), without the capabilities that come with it.
  private static let forbidding = """
    unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && \
    exec setpriv --bounding-set=-all --inh-caps=-all "$@"' sh \

    """
  private static let lab = "'\(Fixtures.program("link-lab"))'"
  private static let reason = "skipped: this machine permits no network namespace, nor a user namespace ("

  private static func run(_ command: String, in folder: String = "/") async throws
    -> (code: Int32?, output: String, error: String)
  {
    let result = try await Subprocess.run(
      .name("sh"), arguments: ["-c", "cd '\(folder)' && \(command)"], input: .none,
      output: .string(limit: 1_000_000), error: .string(limit: 1_000_000))
    var code: Int32?
    if case .exited(let status) = result.terminationStatus { code = Int32(status) }
    return (code, result.standardOutput, result.standardError)
  }

  /// Why it can't be tried; nothing where it can. Programs under root's home, say, are closed to nobody.
  private static func obstacle(_ command: String) -> Comment? {
    system("\(command) >/dev/null 2>&1") == 0 ? nil : "skipped: this machine can't run \(command)"
  }

  private static let noUser = obstacle("\(user)\(lab) --list")
  private static let noForbidding = obstacle(forbidding + "true")

  @Test(.disabled(if: noUser != nil, noUser)) func `who is not root has a link, or is told why not`()
    async throws
  {
    try await Fixtures.withTemporaryFolder { folder in
      try #require(chmod(folder, 0o777) == 0)
      let link = #"{"description":"a test","up":{"delay":{"ms":30,"source":"t"}}}"#
      try Data(link.utf8).write(to: URL(filePath: folder + "/link.json"))
      let result = try await Self.run(
        Self.user + Self.lab + " link.json --truth truth.json -- ping -c 3 -i 0.2 -q 10.98.0.1", in: folder)
      let permits = "unshare --user --map-root-user --net true && test -w /dev/net/tun"
      guard try await Self.run("\(Self.user)sh -c '\(permits)'").code == 0 else {
        #expect(result.code == 77 && result.error.hasPrefix("skipped: this machine "), "\(result)")
        return
      }
      try #require(result.code == 0, "\(result)")
      let truth = try JSONReader.read([UInt8](Data(contentsOf: URL(filePath: folder + "/truth.json"))))
      #expect(try #require(truth["up"]?["delivered"]?.integer) >= 3)
      #expect(try #require(truth["up"]?["delay_median_us"]?.integer) >= 30_000)
    }
  }

  @Test(.disabled(if: noForbidding != nil, noForbidding))
  func `where the kernel forbids it the lab says so, and with its own exit status`() async throws {
    let result = try await Self.run(Self.forbidding + Self.lab + " perfect -- true")
    #expect(result.code == 77)
    #expect(
      result.error.hasPrefix(Self.reason) && result.error.split(separator: "\n").count == 1, "\(result)")
    #expect(result.output.isEmpty)
    let obstacle = try #require(LinkLab.obstacle(of: Self.forbidding + Self.lab))
    #expect(obstacle.hasPrefix(Self.reason))
  }

  /// This very program there: every test of a link is skipped, and none counts as passed without a word.
  @Test(.disabled(if: noForbidding != nil, noForbidding))
  func `tests of links are then skipped, with the reason`() async throws {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let result = try await Self.run(
      Self.forbidding + "'\(tests)' --testing-library swift-testing --filter TeardownTests")
    let lines = (result.output + result.error).split(separator: "\n").filter { $0.contains("Test \"") }
    #expect(lines.count >= 3, "\(result)")
    for line in lines { #expect(line.contains("skipped: \"\(Self.reason)"), "\(line)") }
  }

  @Test(.needsLinks) func `a file that can't be written is named`() async throws {
    let result = try await Self.run(Self.lab + " perfect --truth /nowhere/truth.json -- true")
    #expect(result.code == 70)
    #expect(result.error.hasPrefix("link-lab: I tried to write /nowhere/truth.json, but can't"), "\(result)")
  }
}
