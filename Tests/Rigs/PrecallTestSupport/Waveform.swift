import Foundation

/// Samples of known level, 16 bits, mono, for the virtual microphone.
package enum Waveform {
  package static func sine(_ hertz: Double, amplitude: Double, seconds: Double = 1, rate: Int = 48_000)
    -> [Int16]
  {
    (0..<Int(seconds * Double(rate))).map { index in
      Int16((amplitude * 32_767 * sin(2 * .pi * hertz * Double(index) / Double(rate))).rounded())
    }
  }

  /// White noise of uniform distribution, the same at every run.
  package static func noise(amplitude: Double, seconds: Double = 2, rate: Int = 48_000) -> [Int16] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<Int(seconds * Double(rate))).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let unit = Double(state >> 11) / Double(1 << 53) * 2 - 1
      return Int16((unit * amplitude * 32_767).rounded())
    }
  }

  package static func silence(seconds: Double = 1, rate: Int = 48_000) -> [Int16] {
    [Int16](repeating: 0, count: Int(seconds * Double(rate)))
  }

  /// Each sample times `gain` plus `offset` (shares of full scale), cut off at full scale.
  package static func scaled(_ samples: [Int16], by gain: Double, offset: Double = 0) -> [Int16] {
    samples.map { Int16(max(-32_768, min(32_767, (Double($0) * gain + offset * 32_768).rounded()))) }
  }

  package static func mixed(_ one: [Int16], _ other: [Int16]) -> [Int16] {
    one.indices.map { Int16(clamping: Int(one[$0]) + Int(other[$0 % other.count])) }
  }

  /// Two channels, interleaved.
  package static func stereo(_ left: [Int16], _ right: [Int16]) -> [Int16] {
    zip(left, right).flatMap { [$0, $1] }
  }
}

/// A sentence spoken by espeak-ng at 48 kHz, its loudest sample at -3 dBFS.
package enum Speech {
  package static let samples: Result<[Int16], RigError> = {
    do { return .success(try spoken()) } catch { return .failure(error as? RigError ?? RigError("\(error)")) }
  }()

  /// The same after it went through something that works at `rate`, as a telephone does: sox resamples it there
  /// and back.
  package static func through(rate: Int) throws -> [Int16] {
    let path = "/tmp/precall-speech-\(UUID().uuidString)"
    defer { for end in [".in", ".out"] { try? FileManager.default.removeItem(atPath: path + end) } }
    try samples.get().withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path + ".in")) }
    let raw = ["-t", "raw", "-r", "48000", "-e", "signed", "-b", "16", "-c", "1"]
    let child = try ChildProcess.spawn(
      ["sox", "-G"] + raw + [path + ".in"] + raw + [path + ".out", "rate", "\(rate)", "rate", "48000"],
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"], output: nil)
    guard ChildProcess.wait(for: child) == 0 else { throw RigError("sox could not resample") }
    return try Data(contentsOf: URL(fileURLWithPath: path + ".out")).withUnsafeBytes {
      Array($0.bindMemory(to: Int16.self))
    }
  }

  /// The same as loud as it gets without being cut off.
  package static func loud() throws -> [Int16] {
    try samples.get().map { Int16(tanh(Double($0) / 32_768 * 4) * 29_000) }
  }

  /// The same with a pause of 0.4 s after each 0.8 s.
  package static func pausing() throws -> [Int16] {
    let speech = try samples.get()
    return stride(from: 0, to: speech.count - 38_400, by: 38_400).flatMap {
      speech[$0..<$0 + 38_400] + Waveform.silence(seconds: 0.4)
    }
  }

  private static let sentence = "Hello, can you hear me well? I am calling about my appointment this morning."

  private static func spoken() throws -> [Int16] {
    let path = "/tmp/precall-speech-\(UUID().uuidString).wav"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let child = try ChildProcess.spawn(
      ["espeak-ng", "-v", "en-us", "-s", "150", "-w", path, sentence],
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"], output: nil)
    guard ChildProcess.wait(for: child) == 0 else { throw RigError("espeak-ng could not speak") }
    return try resampled(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// From a canonical WAV file of 16 bits, by straight lines between samples.
  private static func resampled(_ wave: Data) throws -> [Int16] {
    guard wave.count > 1_044 else { throw RigError("espeak-ng made an empty file") }
    let bytes = [UInt8](wave)
    let rate = Double(UInt32(bytes[24]) | UInt32(bytes[25]) << 8 | UInt32(bytes[26]) << 16)
    let source = stride(from: 44, to: bytes.count - 1, by: 2).map { index in
      Double(Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8))
    }
    let peak = source.reduce(1) { max($0, abs($1)) }
    let gain = 0.707_9 * 32_767 / peak
    return (0..<Int(Double(source.count - 1) / rate * 48_000)).map { index in
      let position = Double(index) * rate / 48_000
      let whole = Int(position)
      let between = position - Double(whole)
      return Int16(((source[whole] * (1 - between) + source[whole + 1] * between) * gain).rounded())
    }
  }
}
