import Foundation
import Glibc

/// A sound server that only one test knows: nothing outside its directory is touched, and the environment of
/// this process stays as it is.
package protocol PrivateSoundServer: AnyObject, Sendable {
  var directory: String { get }
  /// Its address, as in `PULSE_SERVER`.
  var server: String { get }
  static func environment(in directory: String) -> [String: String]
  /// To the process that answers programs: SIGKILL for a crash, SIGSTOP for a hang.
  func signal(_ number: CInt)
  /// Starts the process that answers programs once more after it died, at the same address and with the same
  /// modules.
  func restart() throws
  func shutDown()
}

/// The two servers that computers have; they differ in more than their names.
package enum SoundServerKind: String, Sendable, CaseIterable {
  case pulseAudio, pipeWire

  /// Starts one with `modules`; what is named DIRECTORY in them is the server's own.
  package func start(_ modules: [String]) throws -> any PrivateSoundServer {
    if self == .pulseAudio { return try PrivatePulseAudio(modules: modules) }
    return try PrivatePipeWire(modules: modules)
  }
}

extension PrivateSoundServer {
  package func restart() throws { throw RigError("this server can't be started again") }

  /// Where its socket is.
  package var socket: String { String(server.dropFirst("unix:".count)) }

  /// What a program needs to use this server, beside its own environment.
  package var environment: [String: String] {
    ["PULSE_SERVER": server, "PULSE_COOKIE": "\(directory)/cookie"]
  }

  /// Runs `pactl` against the server and gives what it printed.
  @discardableResult
  package func control(_ arguments: String...) throws -> String {
    let output = "\(directory)/output-\(UUID().uuidString)"
    let child = try ChildProcess.spawn(
      ["pactl"] + arguments, environment: Self.environment(in: directory).merging(environment) { $1 },
      output: output)
    let status = ChildProcess.wait(for: child)
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    guard status == 0 else { throw RigError("pactl \(arguments.joined(separator: " ")): \(text)") }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Loads a module, given with its arguments; its number.
  @discardableResult
  package func load(_ module: String) throws -> String {
    let module = module.replacing("DIRECTORY", with: directory)
    guard let space = module.firstIndex(of: " ") else { return try control("load-module", module) }
    return try control("load-module", String(module[..<space]), String(module[module.index(after: space)...]))
  }

  /// Returns when the source is the default: PipeWire's session manager takes its time after it was told.
  package func makeDefault(source name: String) throws {
    try control("set-default-source", name)
    try wait("\(name) did not become the default") { (try? control("get-default-source")) == name }
  }

  /// A server makes its pipes anew; only one that ended by itself takes the old ones away.
  func removePipes() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasSuffix(".fifo") {
      try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    }
  }

  /// A directory that only its owner may enter, as sound servers demand, with a home in it.
  static func makeDirectory() throws -> String {
    var template = Array("/tmp/precall-sound-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw RigError("no directory could be made in /tmp") }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try FileManager.default.createDirectory(atPath: "\(directory)/home", withIntermediateDirectories: true)
    return directory
  }
}
