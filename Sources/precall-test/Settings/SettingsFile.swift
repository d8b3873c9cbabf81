import Glibc
import PrecallCore

/// A configuration file: one JSON object whose keys are the long options.
enum SettingsFile {
  static func ofPerson() throws -> Settings {
    // The XDG Base Directory Specification: what is empty or no absolute path is as if it were not set, and a file
    // that may not be opened is passed over.
    if let home = Environment["XDG_CONFIG_HOME"], home.hasPrefix("/") {
      return try read(home + "/precall/config.json")
    }
    guard let home = Environment["HOME"], !home.isEmpty else { return Settings() }
    return try read(home + "/.config/precall/config.json")
  }

  static func ofComputer() throws -> Settings { try read("/etc/precall/config.json") }

  private static func read(_ path: String) throws -> Settings {
    if unsafe access(path, R_OK) != 0, errno == EACCES { return Settings() }
    let text: Text
    do { text = try Files.read(path, upTo: 1_000_000) } catch {
      guard error.status == .noSuchFile else {
        throw Complaint(status: .configuration, sentence: error.sentence)
      }
      return Settings()
    }
    do { return try Settings(json: JSONReader.read(text)) } catch {
      throw Complaint(
        status: .configuration,
        sentence: "I tried to read the configuration file \(path), but \(error.words(in: text)).")
    }
  }
}

extension Settings {
  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init()
    guard let members = json.members else { throw JSONError(.expected("it must be an object { … }")) }
    for member in members { try take(member) }
  }

  private mutating func take(_ member: JSONValue.Member) throws(JSONError) {
    switch String(decoding: member.key, as: UTF8.self) {
    case "server":
      let name = try Self.string(member)
      if Self.problem(ofServer: name) != nil {
        throw wrong(member, "this must be a server's address, as https://visit.example.org")
      }
      server = name
    case "source": source = try Self.string(member)
    case "sink": sink = try Self.string(member)
    case "camera": camera = try Self.string(member)
    case "policy": policyFile = try Self.string(member)
    case "ca-file": authorityFile = try Self.string(member)
    case "local": local = try truth(member)
    case "full": full = try truth(member)
    case "only":
      do { only = try Self.checks(try Self.string(member)) } catch {
        throw wrong(member, "this must name network, microphone, camera or computer, with commas")
      }
    case "format":
      format = ReportFormat(rawValue: try Self.string(member))
      if format == nil { throw wrong(member, "this must be human, plain, json or jsonl") }
    case "deadline":
      guard let seconds = member.value.number, seconds >= 1, seconds <= 600 else {
        throw wrong(member, "this must be seconds from 1 to 600")
      }
      deadline = seconds
    default: throw JSONError(.unknownKey, path: member.key)
    }
  }

  private static func string(_ member: JSONValue.Member) throws(JSONError) -> String {
    guard let text = member.value.string else {
      throw JSONError(.expected("this must be text"), path: member.key)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func truth(_ member: JSONValue.Member) throws(JSONError) -> Bool {
    guard let truth = member.value.bool else { throw wrong(member, "this must be true or false") }
    return truth
  }

  private func wrong(_ member: JSONValue.Member, _ what: StaticString) -> JSONError {
    JSONError(.expected(what), path: member.key)
  }
}
