import PrecallCore
import PrecallNetwork

/// What the person wants, from one source: the flags, the environment, or a configuration file.
struct Settings: Equatable {
  var server: String?
  var local: Bool?
  var only: [Check]?
  var source: String?
  var sink: String?
  var camera: String?
  var format: ReportFormat?
  var deadline: Double?
  var policyFile: String?
  var authorityFile: String?
  var full: Bool?

  /// These settings, and where they say nothing, `others`.
  func over(_ others: Settings) -> Settings {
    Settings(
      server: server ?? others.server, local: local ?? others.local, only: only ?? others.only,
      source: source ?? others.source, sink: sink ?? others.sink,
      camera: camera ?? others.camera, format: format ?? others.format,
      deadline: deadline ?? others.deadline, policyFile: policyFile ?? others.policyFile,
      authorityFile: authorityFile ?? others.authorityFile, full: full ?? others.full)
  }

  /// The flags before `PRECALL_*` before the person's configuration file before the computer's.
  ///
  /// A server that is named outweighs a `local` of a weaker source, and the other way round.
  static func resolved(flags: Settings) throws -> Settings {
    var settings = flags
    for weaker in [try fromEnvironment(), try SettingsFile.ofPerson(), try SettingsFile.ofComputer()] {
      var weaker = weaker
      if settings.server != nil { weaker.local = nil }
      if settings.local == true { weaker.server = nil }
      settings = settings.over(weaker)
    }
    return settings
  }

  /// Parses `network,microphone`; throws the name that is no check.
  static func checks(_ text: String) throws(UnknownCheck) -> [Check] {
    var checks: [Check] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let check = Check.named(Array(name.utf8)) else { throw UnknownCheck(name: String(name)) }
      if !checks.contains(check) { checks.append(check) }
    }
    return checks
  }

  /// Seconds from 1 to 600; nothing for anything else.
  static func deadline(_ text: String) -> Double? {
    guard let seconds = Double(text), seconds >= 1, seconds <= 600 else { return nil }
    return seconds
  }

  /// What is wrong with a server's name, or the address of a reflector to watch; not the name itself, which may be a
  /// link with a session's secret.
  static func problem(ofServer name: String) -> String? {
    do {
      if name.hasPrefix(ReflectorAddress.scheme) {
        _ = try ReflectorAddress(name)
      } else {
        _ = try ServerAddress(name)
      }
      return nil
    } catch { return "\(error)." }
  }

  struct UnknownCheck: Error { var name: String }
}

extension Settings {
  private static func fromEnvironment() throws -> Settings {
    var settings = Settings()
    if let server = value("PRECALL_SERVER") {
      settings.server = server
      if let problem = Self.problem(ofServer: server) {
        throw Complaint(
          status: .configuration,
          sentence: "the environment variable PRECALL_SERVER can't be used: \(problem)")
      }
    }
    settings.source = value("PRECALL_SOURCE")
    settings.sink = value("PRECALL_SINK")
    settings.camera = value("PRECALL_CAMERA")
    settings.policyFile = value("PRECALL_POLICY")
    settings.authorityFile = value("PRECALL_CA_FILE")
    if let only = value("PRECALL_ONLY") {
      do { settings.only = try checks(only) } catch {
        throw complaint("PRECALL_ONLY", only, "some of network, microphone, camera and computer, with commas")
      }
    }
    if let format = value("PRECALL_FORMAT") {
      settings.format = ReportFormat(rawValue: format)
      if settings.format == nil { throw complaint("PRECALL_FORMAT", format, "human, plain, json or jsonl") }
    }
    if let seconds = value("PRECALL_DEADLINE") {
      settings.deadline = deadline(seconds)
      if settings.deadline == nil { throw complaint("PRECALL_DEADLINE", seconds, "seconds from 1 to 600") }
    }
    return settings
  }

  private static func value(_ name: String) -> String? {
    guard let value = Environment[name], !value.isEmpty else { return nil }
    return value
  }

  private static func complaint(_ name: String, _ value: String, _ wanted: String) -> Complaint {
    Complaint(
      status: .configuration,
      sentence: "the environment variable \(name) is “\(value)”, but it must be \(wanted).")
  }
}
