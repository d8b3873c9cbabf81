import PrecallCore
import PrecallTestSupport
import Testing

/// Measurements written by hand after recordings and servers' replies, each with the findings expected of it:
/// the same files any host can be held to.
@Suite("Described microphones") struct MicrophoneFixtureTests {
  static let names = (try? Fixtures.names(in: "microphones", ending: "json")) ?? []

  @Test("There are described microphones") func some() { #expect(Self.names.count >= 8) }

  @Test("Each described microphone has its findings", arguments: names)
  func findings(name: String) throws {
    let json = try JSONReader.read(Fixtures.bytes("microphones/\(name)"))
    let expected = try #require(json["expected"]?.array).compactMap(\.string)
    let measurement = try MicrophoneMeasurement(json: try #require(json["microphone"]))
    #expect(measurement.assessed(by: .standard).findings.map { Text($0.kind.code.bytes) } == expected)
  }
}
