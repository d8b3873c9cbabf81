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

  /// What a busy test machine can add by itself.
  static let byLoad: Set<String> = [
    "camera.frames-lost", "camera.below-promised", "camera.pauses", "camera.low-frame-rate",
    "microphone.drop-outs",
  ]

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
        found.subtracting(Self.byLoad.union(test.possible).subtracting(test.expected)) == test.expected,
        "\(test.name): \(outcome.reports[test.name] ?? "")")
    }
    let rate = outcome.reports["good"].flatMap(Self.rate) ?? "?"
    print("The good camera: \(rate) mHz here, \(outcome.reports["rate"] ?? "?") with v4l2-ctl")
    let devices = outcome.reports["devices"] ?? ""
    #expect(devices.contains(" alsa_input.hda.analog-stereo HDA Intel Analog Stereo muted;"), "\(devices)")
    #expect(devices.contains(" Intel 82801AA-ICH Analog Stereo default;"), "\(devices)")
    let unknown = Set(outcome.reports.keys).subtracting(cases.map(\.name)).subtracting(["rate", "devices"])
    #expect(unknown.isEmpty, "cases without a row in the table")
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

  private static func rate(of report: String) -> String? {
    let rate = (try? JSONReader.read(Array(report.utf8)))?["checks"]?["camera"]?["metrics"]?[
      "camera.frame-rate"]
    return (rate?["measured_mhz"]?.integer).map { "\($0)" }
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
