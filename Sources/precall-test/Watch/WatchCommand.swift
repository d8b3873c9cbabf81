import ArgumentParser
import Glibc
import PrecallCore
import PrecallNetwork
import PrecallWire

/// `precall-test watch`: for trouble that comes and goes.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Watch the line for trouble that comes and goes.",
    discussion: """
      Sends twenty small packets a second to the server and plays two seconds of a
      video call each minute: 20 MB an hour each way. Says when nothing comes back and
      when it does again, and ends with the outages, and loss, delay, jitter and call
      by minute. Ctrl-C ends it early with the same summary.

      stamp://HOST:PORT watches anybody's STAMP reflector (RFC 8762), without calls.

      Exit status: 0 steady, 1 uneven, 2 bad, 3 not measured; others as for the check.
      """)

  @Argument(
    help: ArgumentHelp(
      "The server to measure against, or the link that the provider sent.", valueName: "SERVER-OR-LINK"))
  var server: String?

  @Flag(help: "Watch a server started on this computer, for trying out.")
  var local = false

  @Option(
    name: .customLong("for"), help: ArgumentHelp("How long: 90s, 30m or 2h, up to 24h.", valueName: "TIME"))
  var length = "10m"

  @Option(help: ArgumentHelp("human or jsonl.", valueName: "FORMAT"))
  var format = WatchFormat.human

  @Option(
    help: ArgumentHelp("Summarise a run that was kept as jsonl; - is standard input.", valueName: "FILE"),
    completion: .file())
  var read: String?

  @Option(
    help: ArgumentHelp("A clinic's policy: its limits.", valueName: "FILE"),
    completion: .file())
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "The key of authenticated STAMP, shared with a stamp:// reflector.", valueName: "FILE"),
    completion: .file())
  var stampKeyFile: String?

  @Option(
    help: ArgumentHelp("Certificates to trust beside the system's.", valueName: "FILE"),
    completion: .file())
  var caFile: String?

  enum WatchFormat: String, CaseIterable, ExpressibleByArgument { case human, jsonl }

  func validate() throws {
    if [server != nil, local, read != nil].count(where: { $0 }) > 1 {
      throw ValidationError("Name a server, or give --local or --read; not two of them.")
    }
    if stampKeyFile != nil, server?.hasPrefix(ReflectorAddress.scheme) != true {
      throw ValidationError(
        "--stamp-key-file goes with stamp://HOST:PORT; a Precall server hands out tickets.")
    }
    guard Self.seconds(length) != nil else {
      throw ValidationError("--for is \"\(length)\"; it takes a time as 90s, 30m or 2h, up to 24h.")
    }
  }

  func run() async throws {
    try await Complaint.reported {
      let settings = try Settings.resolved(flags: flags)
      let policy = try settings.policyFile.map { try Policy(file: $0) } ?? .standard
      let (summary, startedAt) = try await summary(policy, settings)
      let output = Terminal.standardOutput
      if format == .jsonl {
        try output.print(WatchLines.line(summary, by: policy), as: "the summary")
      } else {
        try output.print(WatchFace(startedAt: startedAt, policy: policy).text(of: summary), as: "the summary")
      }
      throw ExitStatus(summary.outcome(by: policy)).asError
    }
  }

  private var flags: Settings {
    Settings(server: server, local: local ? true : nil, policyFile: policy, authorityFile: caFile)
  }

  private func summary(_ policy: Policy, _ settings: Settings) async throws -> (
    WatchSummary, startedAt: Int64
  ) {
    if let read {
      let (startedAt, events) = try Self.events(in: read)
      var summary = WatchSummary()
      for event in events { summary.take(event) }
      return (summary, startedAt)
    }
    signal(SIGPIPE, SIG_IGN)
    let signals = await Interruption.signals()
    let startedAt = Int64(time(nil))
    let run = WatchRun(policy: policy, isLines: format == .jsonl, startedAt: startedAt)
    if settings.local == true {
      let summary = try await LocalServer.with { address in
        try await run.run(watch(.server(try ServerAddress(address), caFile: nil), policy), until: signals)
      }
      return (summary, startedAt)
    }
    return (try await run.run(watch(try target(settings), policy), until: signals), startedAt)
  }

  private func target(_ settings: Settings) throws -> WatchTarget {
    guard let name = settings.server else {
      throw Complaint(
        status: .usage,
        sentence: "I tried to watch a line, but no server was named; give the link that your provider sent.")
    }
    do {
      if name.hasPrefix(ReflectorAddress.scheme) {
        return .reflector(try ReflectorAddress(name), try stampKeyFile.map(Self.key))
      }
      return .server(try ServerAddress(name), caFile: try settings.authorityFile.map(AuthorityFile.checked))
    } catch let error as ServerAddressError {
      throw Complaint(status: .usage, sentence: "\(error)")
    }
  }

  private static func key(in path: String) throws(Complaint) -> STAMPKey {
    let key = try Files.read(path, upTo: 1_000_000)
    guard key.count >= STAMPKey.minimumLength else {
      throw Complaint(
        status: .unusableFile,
        sentence:
          "I tried to use the STAMP key \(path), but it has \(key.count) bytes; give the file that the "
          + "reflector has, of \(STAMPKey.minimumLength) or more.")
    }
    return STAMPKey(key)
  }

  private func watch(_ target: WatchTarget, _ policy: Policy) -> LineWatch {
    if format == .human {
      Terminal.standardError.line("Watching the line to \(target.host) for \(length); Ctrl-C ends it.")
    }
    return LineWatch(target, policy: policy, for: .seconds(Self.seconds(length) ?? 600))
  }

  private static func events(in path: String) throws -> (Int64, [WatchEvent]) {
    let text = try Files.readArgument(path, upTo: 20_000_000)
    do {
      let (startedAt, events) = try WatchLines.read(text)
      if !events.isEmpty { return (startedAt, events) }
    } catch {
      throw Complaint(
        status: .unusableFile,
        sentence: "I tried to read the watched line \(path), but \(error.words(in: text)).")
    }
    throw Complaint(
      status: .unusableFile,
      sentence: "I tried to read the watched line \(path), but it tells of no second; "
        + "give what precall-test watch --format jsonl printed.")
  }

  /// Whole seconds of `90s`, `30m`, `2h` or `90`, from one to a day.
  private static func seconds(_ text: String) -> Int? {
    let unit = text.last.flatMap { ["s": 1, "m": 60, "h": 3_600][$0] }
    guard let count = Int(unit == nil ? Substring(text) : text.dropLast()), count > 0, count <= 86_400 else {
      return nil
    }
    let seconds = count * (unit ?? 1)
    return seconds <= 86_400 ? seconds : nil
  }
}
