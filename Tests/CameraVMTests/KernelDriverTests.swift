import PrecallCore
import PrecallTestSupport
import Testing

/// The unmodified program against the kernel's own drivers: vivid with all faults that it can inject,
/// v4l2loopback, and sound cards with PulseAudio. The table is Fixtures/camera-vm/cases.json.
@Suite(.enabled(if: VirtualMachine.isPossible, Comment(rawValue: VirtualMachine.whyNot)))
struct KernelDriverTests {
  struct Case {
    var name: String
    var catalogue: String
    var expected: Set<String>
    /// What depends on the machine: v4l2loopback writes into a picture that is being read, where it is slow; one
    /// picture is more or less than a twentieth of those that come.
    var possible: Set<String>
  }

  /// What a busy test machine adds by itself, as seen at three times its load: to pictures that are watched, since an
  /// emulated processor paints each of them, and to sound, whose card's clock is emulated as well.
  static func byLoad(_ test: Case) -> Set<String> {
    if test.name.hasPrefix("sound-") { return ["microphone.drop-outs", "microphone.clock-wrong"] }
    return test.expected.contains("camera.virtual") ? ["camera.frames-lost", "camera.pauses"] : []
  }

  @Test func `Each case with the kernel's drivers ends in its findings`() async throws {
    let cases = try Self.cases()
    #expect(cases.count >= 50)
    let outcome = try await VirtualMachine.boot(["vivid", "v4l2loopback", "sound", "sound-card"])
    print("The kernel's drivers: \(cases.count) cases in \(outcome.took) with the boot")
    for test in cases {
      let found = outcome.reports[test.name].flatMap(Self.codes)
      print(Self.row(test, found))
      guard let found else {
        Issue.record("\(test.name) did not run: \(outcome.reports[test.name] ?? outcome.console)")
        continue
      }
      #expect(
        found.subtracting(Self.byLoad(test).union(test.possible).subtracting(test.expected)) == test.expected,
        "\(test.name): \(outcome.reports[test.name] ?? "")")
    }
    try Self.compareRates(outcome.reports)
    let devices = outcome.reports["devices"] ?? ""
    #expect(devices.contains(" alsa_input.hda.analog-stereo HDA Intel Analog Stereo muted;"), "\(devices)")
    #expect(devices.contains(" Intel 82801AA-ICH Analog Stereo default;"), "\(devices)")
    let unknown = Set(outcome.reports.keys).subtracting(cases.map(\.name)).subtracting(["rate", "devices"])
    #expect(unknown.isEmpty, "cases without a row in the table")
  }

  /// The good camera's frame rate here and by v4l2-ctl, which counts 40 frames right after us.
  private static func compareRates(_ reports: [String: String]) throws {
    let here = try #require(reports["good"].flatMap(rate))
    let there = try #require(reports["rate"].flatMap { Double($0.prefix { !$0.isWhitespace }) })
    print("The good camera: \(here)/s here, \(there)/s with v4l2-ctl")
    #expect(abs(here / there - 1) < 0.05)
  }

  private static func cases() throws -> [Case] {
    let table = try JSONReader.read(Fixtures.bytes("camera-vm/cases.json"))
    return (table.array ?? []).map { row in
      Case(
        name: text(row["case"]), catalogue: text(row["catalogue"]),
        expected: codes(row["expect"]), possible: codes(row["may"]))
    }
  }

  private static func codes(_ list: JSONValue?) -> Set<String> { Set((list?.array ?? []).map { text($0) }) }

  /// The codes of a report's findings; nothing where it is no report.
  private static func codes(of report: String) -> Set<String>? {
    guard let findings = try? JSONReader.read(Array(report.utf8))["findings"]?.array else { return nil }
    return Set(findings.map { text($0["code"]) })
  }

  private static func rate(of report: String) -> Double? {
    let rate = (try? JSONReader.read(Array(report.utf8)))?["checks"]?["camera"]?["metrics"]?[
      "camera.frame-rate"]
    return (rate?["measured_mhz"]?.integer).map { Double($0) / 1_000 }
  }

  private static func text(_ value: JSONValue?) -> String {
    String(decoding: value?.string ?? [], as: UTF8.self)
  }

  private static func row(_ test: Case, _ found: Set<String>?) -> String {
    let name = "\(test.catalogue)\t\(test.name)".padding(30)
    return "\(name)\(found.map { $0.sorted().joined(separator: " ") } ?? "did not run")"
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
