import Foundation
import PrecallCamera
import PrecallCore
import PrecallProbes
import PrecallTestSupport
import Testing

/// Every failure of the catalogue that the virtual camera can show: script → findings, through libv4l2 and
/// the kernel.
@Suite(.enabled(if: VirtualCamera.isPossible, Comment(rawValue: VirtualCamera.whyNot)))
struct CameraFixtureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var catalogue: String
    var camera: String?
    var expected: Set<String>
    var testDescription: String { catalogue.isEmpty ? name : "\(catalogue) \(name)" }
  }

  static let cases: [Case] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Fixtures.path("cameras"))) ?? []
    return files.filter { $0.hasSuffix(".json") }.sorted().compactMap { file in
      let bytes = FileManager.default.contents(atPath: Fixtures.path("cameras/\(file)"))
      guard let json = try? JSONReader.read(Array(bytes ?? Data())), let expected = json["expect"]?.array
      else { return nil }
      return Case(
        name: String(file.dropLast(5)),
        catalogue: String(decoding: json["catalogue"]?.string ?? [], as: UTF8.self),
        camera: json["camera"]?.string.map { String(decoding: $0, as: UTF8.self) },
        expected: Set(expected.map { String(decoding: $0.string ?? [], as: UTF8.self) }))
    }
  }()

  /// What each case found and how much each finding weighs: one line a case.
  private static let weights = "camera-findings.txt"

  @Test func `The fixtures are found, and each has a line of weights`() throws {
    #expect(Self.cases.count >= 70)
    #expect(try Golden.keys(of: Self.weights) == Self.cases.map(\.name).sorted())
  }

  @Test(arguments: cases)
  func `Each failure ends in its findings, in time`(_ test: Case) async throws {
    let (measurement, took) = try await Self.look(test)
    #expect(measurement.codes.sorted() == test.expected.sorted())
    let findings = measurement.assessed(by: .standard).findings.sorted {
      $0.kind.code.description < $1.kind.code.description
    }
    let weights = findings.map { "\($0.severity.name) \($0.kind.code)" }.joined(separator: ", ")
    try Golden.expect(weights, of: test.name, is: Self.weights)
    #expect(took < .seconds(9))
  }

  private static func look(_ test: Case) async throws -> (CameraMeasurement, Duration) {
    try await VirtualCamera.with(test.name) { camera in
      let probe = CameraProbe(camera: test.camera, system: camera.system, patience: .seconds(3))
      let start = ContinuousClock.now
      let measurement = await probe.measure { _ in }
      return (measurement, ContinuousClock.now - start)
    }
  }
}

extension VirtualCamera {
  var system: CameraSystem {
    CameraSystem(deviceRoot: deviceRoot, sysfsRoot: sysfsRoot, isSandboxed: false)
  }
}

extension CameraMeasurement {
  var codes: [String] {
    assessed(by: .standard).findings.map { String(decoding: $0.kind.code.bytes, as: UTF8.self) }
  }
}
