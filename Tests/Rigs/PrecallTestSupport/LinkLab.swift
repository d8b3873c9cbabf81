import FoundationEssentials
import Glibc
import PrecallCore
import Testing

/// Runs programs across an imitated line, with the truth of what happened on it.
package struct LinkLab: Sendable {
  /// A link file's path, or the name of one in `Fixtures/links`.
  package var link: String
  package var seed: Int
  /// A shell command at the server's end that prints a line when it is ready.
  package var server: String?
  /// What lies between the client and the link: a gateway, or one and its provider's first router.
  package enum Router: String, Sendable {
    case gateway, provider
  }
  package var router: Router?

  package init(_ link: String, seed: Int = 1, server: String? = nil) {
    (self.link, self.seed, self.server) = (link, seed, server)
  }

  package struct Outcome: Sendable {
    /// What the client said, and its exit status.
    package var client: Program.Result
    /// The summary; nothing where the link could not run.
    package var truth: JSONValue?
    /// The packets' log, a value a packet in order of coming.
    package var packets: [JSONValue] = []
  }

  /// Runs `client` at the client's end. With `keepsPackets` the log of every packet is read too.
  package func run(
    _ client: [String], environment: [String: String] = [:], keepsPackets: Bool = false,
    deadline: Duration = .seconds(90)
  ) async throws -> Outcome {
    try await Fixtures.withTemporaryFolder { folder in
      var arguments = [link, "--seed", "\(seed)", "--truth", folder + "/truth.json"]
      if keepsPackets { arguments += ["--packets", folder + "/packets.jsonl"] }
      if let router { arguments.append("--" + router.rawValue) }
      if let server { arguments += ["--server", server, "--wait-line"] }
      let result = try await Program("link-lab", environment: environment)
        .run(arguments + ["--"] + client, deadline: deadline)
      var outcome = Outcome(client: result)
      outcome.truth = Self.bytes(folder + "/truth.json").flatMap { try? JSONReader.read($0) }
      let lines = Self.bytes(folder + "/packets.jsonl") ?? []
      outcome.packets = try lines.split(separator: 0x0A).map { try JSONReader.read(Array($0)) }
      return outcome
    }
  }

  /// What the real command says as JSON of the network across `link`, with the real server at the other end; `runner`
  /// is what runs it, if not we.
  package static func check(
    _ link: String, seed: Int = 1, options: [String] = [], by runner: [String] = []
  ) async throws -> Program.Result {
    let server = "exec '\(Fixtures.program("precall-server"))' --host 10.98.0.1 --port 8080"
    let command = [
      Fixtures.program("precall-test"), "http://10.98.0.1:8080", "--only", "network", "--format", "json",
    ]
    return try await LinkLab(link, seed: seed, server: server).run(runner + command + options).client
  }

  private static func bytes(_ path: String) -> Text? {
    (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) }
  }

  /// Why no link can run on this machine; nothing where one can. Tests of links are enabled by it, and say
  /// so when they are skipped.
  package static let obstacle = obstacle(of: "'\(Fixtures.program("link-lab"))'")

  /// The same of the lab as the shell command `lab` starts it.
  package static func obstacle(of lab: String) -> String? {
    guard let pipe = popen("\(lab) '\(Fixtures.path("links/perfect.json"))' -- true 2>&1", "r") else {
      return "skipped: no shell to start link-lab"
    }
    var line = [CChar](repeating: 0, count: 1_000)
    let said = fgets(&line, 1_000, pipe) != nil
    guard pclose(pipe) >> 8 & 255 == 77 else { return nil }
    let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return said ? String(words.split(separator: "\n").first ?? "") : "skipped"
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips, and says why, where no link can run.
  package static var needsLinks: Self {
    .disabled(if: LinkLab.obstacle != nil, "\(LinkLab.obstacle ?? "")")
  }
}
