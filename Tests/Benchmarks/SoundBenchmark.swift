import Glibc
import PrecallCore
import PrecallTestSupport

/// What it costs to listen, and how exact the level is.
enum SoundBenchmark {
  private static let seconds = 20.0

  static func run() {
    let noise = Waveform.noise(amplitude: 0.3, seconds: seconds)
    let start = processorTime()
    var meter = SoundMeter(sampleRate: 48_000, channels: 1)
    meter.take(noise.span)
    let share = (processorTime() - start) / seconds * 100
    print(Self.line("analysis of sound at 48 kHz, % of a core", decimal(share), "2 %"))
    if let record = Run.of([
      "/usr/bin/timeout", "4", "/usr/bin/parecord", "--raw", "--latency-msec=20", "/dev/null",
    ]) {
      print(Self.line("a plain parecord beside it, % of a core", decimal(record.cpu / record.wall * 100), ""))
    }
    levels()
  }

  /// Ten levels of noise, against sox's.
  private static func levels() {
    var worst = 0.0
    for step in 1...10 {
      let samples = Waveform.noise(amplitude: Mathematics.pow(10, -Double(step) * 0.3), seconds: 2)
      var meter = SoundMeter(sampleRate: 48_000, channels: 1)
      meter.take(samples.span)
      guard let truth = soxLevel(of: samples) else {
        print(Self.line("level against sox", "failed: sox did not answer", "0.2 dB"))
        return
      }
      worst = max(worst, (meter.sound.level.inDecibels - truth).magnitude)
    }
    print(Self.line("level against sox, worst of ten, dB", decimal(worst), "0.2 dB"))
  }

  private static func soxLevel(of samples: [Int16]) -> Double? {
    var template = Array("/tmp/precall-level-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { return nil }
    defer {
      close(file)
      unlink(template)
    }
    let count = samples.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    guard count == samples.count * 2 else { return nil }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let pipe = popen("sox -t raw -r 48000 -e signed -b 16 -c 1 \(path) -n stats 2>&1", "r") else {
      return nil
    }
    defer { pclose(pipe) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, pipe) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix("RMS lev dB") {
        return text.split(separator: " ").last.flatMap { Double($0.filter { $0 != "\n" }) }
      }
    }
    return nil
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func decimal(_ value: Double) -> String {
    let hundredths = rounded(value * 100)
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func line(_ name: String, _ figure: String, _ limit: String) -> String {
    name + String(repeating: " ", count: max(1, 42 - name.count)) + figure
      + String(repeating: " ", count: max(1, 22 - figure.count)) + limit
  }
}
