import PrecallCore
import PrecallTestSupport
import Testing

/// How much each finding weighs where nothing measured says otherwise, what it leaves possible and where it lies, as
/// one file to read: Fixtures/findings.txt. Clinics decide by these, so that none may change by the way.
@Suite struct FindingWeightsTests {
  @Test func `Every finding has its severity, cap and place in the table`() throws {
    let rows = FindingKind.all.map { kind in
      [kind.code, kind.severity.name, kind.cap.name, kind.place.name].map(\.description)
    }
    #expect(Set(rows.map { $0[0] }).count == rows.count)
    try Golden.expect(
      rows.sorted { $0[0] < $1[0] }.map { $0.joined(separator: "\t") + "\n" }.joined(), is: "findings.txt")
  }
}
