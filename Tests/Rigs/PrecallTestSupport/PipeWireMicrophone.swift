import Foundation
import Glibc
import Synchronization

/// A microphone that is a program of its own on PipeWire, as a sound card's driver is: where the program
/// stands still nothing comes from it, and what it would have sent meanwhile is lost. (A pipe source, which
/// the sound server reads itself, sends silence instead.)
package final class PipeWireMicrophone: Sendable {
  private let process: Mutex<pid_t?>

  /// Plays `samples`, at 48 kHz, again and again for half a minute at least; becomes the default.
  package init(_ samples: [Int16], on server: PrivatePipeWire, named name: String) throws {
    let file = "\(server.directory)/\(name).wav"
    try Self.wave(of: samples).write(to: URL(filePath: file))
    let properties = "{ media.class = Audio/Source node.name = \(name) node.description = \(name) }"
    process = Mutex(
      try ChildProcess.spawn(
        ["pw-cat", "--playback", "--volume", "1", "-P", properties, file],
        environment: PrivatePipeWire.environment(in: server.directory),
        output: "\(server.directory)/\(name).log"))
    try wait("no microphone came of pw-cat") { (try? server.makeDefault(source: name)) != nil }
    try server.control("set-source-volume", name, "100%")
  }

  /// To the program: SIGSTOP and SIGCONT.
  package func signal(_ number: CInt) { process.withLock { if let process = $0 { kill(process, number) } } }

  /// Stands still for `pause` seconds after each 500 ms, as long as it lives.
  package func stutter(_ pause: Double) {
    Thread { [weak self] in
      while true {
        usleep(500_000)
        guard let self else { return }
        signal(SIGSTOP)
        usleep(UInt32(pause * 1_000_000))
        signal(SIGCONT)
      }
    }.start()
  }

  package func shutDown() {
    process.withLock { process in
      guard let running = process else { return }
      process = nil
      ChildProcess.end(running)
    }
  }

  deinit { shutDown() }

  /// A canonical WAV file of 16 bits, mono.
  private static func wave(of samples: [Int16]) -> Data {
    let rounds = (30 * 48_000 + samples.count - 1) / samples.count
    let size = UInt32(rounds * samples.count * 2)
    var data = Data("RIFF".utf8)
    func append(_ numbers: [UInt32]) { for number in numbers { withUnsafeBytes(of: number) { data += $0 } } }
    append([36 + size])
    data += Data("WAVEfmt ".utf8)
    // 16 bytes of format: PCM and one channel; samples and bytes a second; bytes a sample and its bits.
    append([16, 1 | 1 << 16, 48_000, 96_000, 2 | 16 << 16])
    data += Data("data".utf8)
    append([size])
    for _ in 0..<rounds { samples.withUnsafeBytes { data += $0 } }
    return data
  }
}
