import ArgumentParser
import FoundationEssentials
import Glibc
import PrecallCore

/// Runs a command across a line with known faults, and tells what really happened on it.
@main struct LinkLabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link-lab", abstract: "Run a command across an imitated line, and tell the truth about it.",
    discussion: """
      The client's command runs in a network namespace as 10.98.0.2 and fd98::2, the server's in another as \
      10.98.0.1 and fd98::1. The client finds the server's address in LINK_SERVER_ADDRESS and, with \
      --wait-line, the server's first line in LINK_SERVER_LINE. Times of a link count from the start of \
      the client. The exit status is the client's; 77 where this machine can't make a link.
      """)

  @Argument(help: ArgumentHelp("A link file, or the name of one in Fixtures/links.", valueName: "link"))
  var file: String?

  @Flag(help: "List the links in Fixtures/links.")
  var list = false

  @Option(help: "Same seed and same packets, same decisions.")
  var seed: UInt64 = 1

  @Option(help: "Write the summary of what happened to this file.")
  var truth: String?

  @Option(help: "Write what happened to each packet to this file, a line of JSON each.")
  var packets: String?

  @Option(help: "Run this shell command at the server's end first.")
  var server: String?

  @Option(help: "Wait until something listens on this TCP port of the server.")
  var waitPort: UInt16?

  @Flag(help: "Wait for the first line that the server prints.")
  var waitLine = false

  @Flag(help: "Put a router between the client, then 10.97.0.2, and the link.")
  var gateway = false

  @Flag(help: "The same, and a provider's router, 203.0.113.1, between that one and the link.")
  var provider = false

  @Option(help: "Afterwards print the truth beside what this report of precall-test measured.")
  var compare: String?

  @Option(help: "Hold against the truth of just those packets that these samples of precall-test are of.")
  var samples: String?

  @Argument(parsing: .postTerminator, help: "The client's command.")
  var client: [String] = []

  func run() throws {
    do {
      if list { return try listLinks() }
      guard let file, !client.isEmpty else {
        throw ValidationError("name a link, and after -- the client's command")
      }
      throw ExitCode(try measure(try Self.link(file)))
    } catch let complaint as Complaint {
      switch complaint {
      case .skipped(let why): Self.say("skipped: \(why)", 77)
      case .failed(let why): Self.say("link-lab: \(why)", 70)
      }
    }
  }

  private func measure(_ link: Link) throws -> Int32 {
    var lab = try Lab(
      Lab.Plan(
        link: link, seed: seed, server: server, waitPort: waitPort, waitsForLine: waitLine,
        networks: provider ? [.access, .home] : gateway ? [.home] : [], client: client))
    let (status, truth) = try lab.run()
    let measured = samples.flatMap { try? Data(contentsOf: URL(filePath: $0)) }
      .flatMap { MeasuredPackets(samples: Array($0), truth) }
    if let path = self.truth { try Self.save(truth.summary(of: measured), to: path) }
    if let path = packets { try Self.save(truth.packets(), to: path) }
    if let path = compare {
      guard let data = try? Data(contentsOf: URL(filePath: path)),
        let report = try? JSONReader.read(Array(data))
      else { throw Complaint.failed("I tried to read the report \(path), but can't.") }
      print(Comparison(truth, of: measured, report: report).table(), terminator: "")
    }
    return status
  }

  private func listLinks() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    for name in names {
      let link = try Self.link(name)
      print(name + String(repeating: " ", count: max(1, 24 - name.count)) + link.summary)
    }
  }

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/links").path()

  private static func link(_ name: String) throws(Complaint) -> Link {
    let path = name.contains("/") || name.hasSuffix(".json") ? name : "\(folder)/\(name).json"
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw .failed("I tried to read the link \(path), but can't; link-lab --list names those there are.")
    }
    do {
      let short = path.split(separator: "/").last.map { String($0).replacing(".json", with: "") } ?? name
      return try Link(json: Array(data), name: short)
    } catch { throw .failed("I tried to use the link \(path), but \(error)") }
  }

  private static func save(_ text: Text, to path: String) throws(Complaint) {
    do { try Data(text).write(to: URL(filePath: path)) } catch {
      throw .failed("I tried to write \(path), but can't; name a file in a folder that you may write to.")
    }
  }

  private static func say(_ words: String, _ status: Int32) -> Never {
    _ = (words + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
    Glibc.exit(status)
  }
}
