import Foundation
import Glibc

/// A sound server with scripted replies, written by hand in Fixtures/sound-servers: for cards that can't be had in
/// a test. The real libpulse reads them, by the native protocol.
package final class ScriptedSoundServer: PrivateSoundServer {
  package let directory: String
  package let server: String
  private let process: pid_t

  package init(_ name: String, speaking samples: [Int16]) throws {
    directory = try Self.makeDirectory()
    server = "unix:\(directory)/native"
    let sound = "\(directory)/sound.raw"
    try samples.withUnsafeBytes { Data($0) }.write(to: URL(filePath: sound))
    let script = Fixtures.root.appending(path: "Tests/Rigs/scripted-sound-server/serve.py").path()
    process = try ChildProcess.spawn(
      ["python3", script, "\(directory)/native", Fixtures.path("sound-servers/\(name).json"), sound],
      environment: Self.environment(in: directory), output: "\(directory)/serve.log")
    try waitUntilReady()
  }

  deinit { shutDown() }

  package func signal(_ number: CInt) { kill(process, number) }

  package func shutDown() {
    guard FileManager.default.fileExists(atPath: directory) else { return }
    ChildProcess.end(process)
    try? FileManager.default.removeItem(atPath: directory)
  }

  package static func environment(in directory: String) -> [String: String] {
    PrivatePulseAudio.environment(in: directory)
  }

  private func waitUntilReady() throws {
    func log() -> String { (try? String(contentsOfFile: "\(directory)/serve.log", encoding: .utf8)) ?? "" }
    try wait("the scripted sound server did not start: \(log().suffix(2_000))") {
      FileManager.default.fileExists(atPath: "\(directory)/native")
    }
  }
}
