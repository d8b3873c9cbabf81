import FoundationEssentials
import PrecallCore
import PrecallMicrophone
import PrecallProbes
import PrecallTestSupport

/// What it costs to listen, and how exact the level is.
enum SoundBenchmark {
  private static let seconds = 8.0

  static func run() async {
    await cost()
    levels()
    await heardLevels()
  }

  /// The whole way from the sound server on, beside a program that throws the same sound away.
  private static func cost() async {
    let probe = MicrophoneProbe(listening: .exactly(.seconds(seconds)))
    let (share, measurement) = await DeviceBenchmark.share { await probe.measure { _ in } }
    let heard = measurement.sound.map { $0.duration.inSeconds } ?? 0
    let record = Run.of(
      ["/usr/bin/timeout", "\(Int(seconds))", "/usr/bin/parecord", "--raw", "--latency-msec=40", "/dev/null"])
    Figure(
      name: "listening at 48 kHz, % of a core", values: heard > seconds - 1 ? [share] : [], limit: 2,
      unit: "%",
      peer: record.map { "parecord: \(Figure.decimal($0.cpu / $0.wall * 100))" } ?? "parecord did not run"
    ).show()
  }

  /// Ten levels of noise, the meter against sox on the same samples.
  private static func levels() {
    var worst = 0.0
    for step in 1...10 {
      let samples = Waveform.noise(amplitude: Mathematics.pow(10, -Double(step) * 0.3), seconds: 2)
      var meter = SoundMeter(sampleRate: 48_000, channels: 1)
      meter.take(samples.span)
      let file = temporaryFile("samples")
      defer { try? FileManager.default.removeItem(atPath: file) }
      let bytes = samples.withUnsafeBytes { Data($0) }
      guard (try? bytes.write(to: URL(filePath: file))) != nil, let truth = soxLevel(of: file) else {
        return Figure(name: "level of the same samples, against sox", values: []).show()
      }
      worst = max(worst, (meter.sound.level.inDecibels - truth).magnitude)
    }
    Figure(
      name: "level of the same samples, worst of ten", values: [worst], limit: 0.2, unit: "dB", peer: "sox: 0"
    ).show()
  }

  /// Steady noise through a sound server: what the check says against sox on what parecord recorded.
  private static func heardLevels() async {
    var worst = 0.0
    var peer: [String] = []
    for amplitude in [0.5, 0.05, 0.005] {
      guard let (ours, truth) = try? await heard(amplitude) else {
        return Figure(name: "level through the sound server", values: []).show()
      }
      worst = max(worst, (ours - truth).magnitude)
      peer.append(Figure.decimal(truth))
    }
    Figure(
      name: "level through the sound server, worst of 3", values: [worst], limit: 0.2, unit: "dB",
      peer: "parecord and sox: \(peer.joined(separator: ", ")) dB"
    ).show()
  }

  private static func heard(_ amplitude: Double) async throws -> (ours: Double, truth: Double) {
    let daemon = try PrivatePulseAudio(modules: [VirtualMicrophone.module("steady")])
    defer { daemon.shutDown() }
    // Ten milliseconds again and again: every stretch of it has the same level.
    let noise = Waveform.noise(amplitude: amplitude, seconds: 0.01)
    let feeder = try VirtualMicrophone(noise, into: daemon, named: "steady")
    defer { feeder.stop() }
    let measurement = await MicrophoneProbe(server: daemon.server).measure { _ in }
    let file = temporaryFile("recording")
    defer { try? FileManager.default.removeItem(atPath: file) }
    let settings = daemon.environment.map { "\($0.key)=\($0.value)" }
    _ = Run.of(
      ["/usr/bin/env"] + settings + ["timeout", "3", "parecord", "--raw", "--rate=48000", "--channels=1"]
        + ["--format=s16le", "--latency-msec=20", file])
    guard let ours = measurement.sound?.level.inDecibels, let truth = soxLevel(of: file) else {
      throw RigError("no level")
    }
    return (ours, truth)
  }

  private static func temporaryFile(_ name: String) -> String {
    FileManager.default.temporaryDirectory.appending(path: "precall-\(name)-\(UUID().uuidString)").path()
  }

  private static func soxLevel(of path: String) -> Double? {
    let output = temporaryFile("sox")
    defer { try? FileManager.default.removeItem(atPath: output) }
    let arguments = ["-t", "raw", "-r", "48000", "-e", "signed", "-b", "16", "-c", "1", path, "-n", "stats"]
    guard Run.of(["/usr/bin/sox"] + arguments, output: output)?.status == 0,
      let text = try? String(contentsOf: URL(filePath: output), encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("RMS lev dB") })
    else { return nil }
    return line.split(separator: " ").last.flatMap { Double($0) }
  }
}
