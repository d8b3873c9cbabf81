import ArgumentParser
import PrecallCore

/// The flags of a check, as written.
struct CheckOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The server to measure against, or the link that the provider sent.", valueName: "SERVER-OR-LINK"))
  var server: String?

  @Flag(help: "Measure against a server started on this computer, for trying out.")
  var local = false

  @Option(help: ArgumentHelp("The checks to run: network,microphone,camera,computer.", valueName: "CHECKS"))
  var only: String?

  @Option(
    help: ArgumentHelp("The microphone: its name, number or a part of its description.", valueName: "NAME"))
  var source: String?

  @Option(
    help: ArgumentHelp("The speaker: its name, number or a part of its description.", valueName: "NAME"))
  var sink: String?

  @Option(help: ArgumentHelp("The camera: its path, number or a part of its name.", valueName: "PATH"))
  var camera: String?

  @Option(
    help: ArgumentHelp("A clinic's policy: its limits and its telephone number.", valueName: "FILE"),
    completion: .file())
  var policy: String?

  @Option(
    help: ArgumentHelp("Certificates to trust beside the system's.", valueName: "FILE"),
    completion: .file())
  var caFile: String?

  @Option(help: ArgumentHelp("human, plain, json or jsonl.", valueName: "FORMAT"))
  var format: ReportFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the report to FILE; - is standard output.", valueName: "FILE"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Keep the samples in FILE, for a bug report; no sound or picture is in it.", valueName: "FILE"),
    completion: .file())
  var samples: String?

  @Option(
    help: ArgumentHelp(
      "Keep one picture of the camera in FILE, as PNG; FILE must not be there yet.", valueName: "FILE"),
    completion: .file())
  var snapshot: String?

  @Option(
    help: ArgumentHelp(
      "End after so many seconds, 1 to 600, with what there is. (default: 30, or 60 with --full)",
      valueName: "SECONDS"))
  var deadline: String?

  @Flag(help: "Play a short test sound, and find out whether the microphone hears it.")
  var speaker = false

  @Flag(
    help: "Fill the line until its rate has settled, and say what it carries at most; moves far more data.")
  var full = false

  @Flag(help: "Do not ask for a sentence; listen for 2 s, as without a terminal.")
  var noSpeech = false

  @Flag(name: .shortAndLong, help: "Nothing on standard error but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "All figures, also those without a limit.")
  var verbose = false

  @Flag(help: "No colours; NO_COLOR does the same.")
  var noColor = false

  func validate() throws {
    _ = try settings
    if local, server != nil {
      throw ValidationError("Name a server or give --local, not both.")
    }
    try Self.keepApart([("--output", output), ("--samples", samples), ("--snapshot", snapshot)])
    if let server, let verb = Self.verbMeant(by: server) {
      throw ValidationError("\"\(server)\" is no server and no verb. Did you mean \"precall-test \(verb)\"?")
    }
  }

  /// Refuses two outputs in one file, of which one would be lost. Devices take everything.
  private static func keepApart(_ outputs: [(flag: String, path: String?)]) throws {
    var places: [String: String] = [:]
    for (flag, path) in outputs {
      guard let path, path != "-", let place = OutputFile.place(of: path) else { continue }
      if let other = places.updateValue(flag, forKey: place) {
        throw ValidationError(
          "\(other) and \(flag) both name \(path), and one would be lost; name two files.")
      }
    }
  }

  /// The flags as the strongest layer of settings.
  var settings: Settings {
    get throws {
      // An empty name is none, as in the environment.
      func named(_ device: String?) -> String? { device?.isEmpty == true ? nil : device }
      var settings = Settings(
        server: server, local: local ? true : nil, source: named(source), sink: named(sink),
        camera: named(camera),
        format: format,
        policyFile: policy, authorityFile: caFile, full: full ? true : nil)
      if let only {
        do { settings.only = try Settings.checks(only) } catch {
          throw ValidationError(
            "--only names \"\(error.name)\"; it takes network, microphone, camera and computer, with commas.")
        }
      }
      if let deadline {
        settings.deadline = Settings.deadline(deadline)
        if settings.deadline == nil {
          throw ValidationError("--deadline is \"\(deadline)\"; it takes seconds from 1 to 600.")
        }
      }
      return settings
    }
  }

  /// The verb that a mistyped one comes nearest to; a server's name has a dot or a colon.
  private static func verbMeant(by word: String) -> String? {
    if word.contains(where: { ".:/[".contains($0) }) || word == "localhost" { return nil }
    return ["check", "watch", "devices", "explain", "report", "help"].first {
      Spelling.distance(word, $0) <= 2
    }
  }
}
