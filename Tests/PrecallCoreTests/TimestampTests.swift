import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
      (1_763_934_033, "2025-11-23T21:40:33Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
      (253_402_300_799, "9999-12-31T23:59:59Z"),
    ] as [(Int64, String)])
  func `knows the calendar`(seconds: Int64, text: String) {
    #expect(string(Timestamp.text(of: seconds)) == text)
    #expect(Timestamp.seconds(of: bytes(text)) == seconds)
  }

  @Test func `agrees with Foundation at any moment, and comes back`() {
    var random = Mutations(seed: 5)
    let style = Date.ISO8601FormatStyle()
    for _ in 0..<5_000 {
      let seconds = Int64.random(in: -12_000_000_000...253_402_300_799, using: &random)
      let text = Timestamp.text(of: seconds)
      #expect(string(text) == Date(timeIntervalSince1970: Double(seconds)).formatted(style))
      #expect(Timestamp.seconds(of: text) == seconds)
    }
  }

  @Test(arguments: [
    "", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-01-32T00:00:00Z",
    "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z", "2025-01-01T00:00:60Z", "2025-01-01 00:00:00Z",
    "2025-01-01T00:00:00+", "2025/01/01T00:00:00Z", "2O25-01-01T00:00:00Z", "2025-01-01T00:00:00.0Z",
  ])
  func `refuses what is not a moment`(text: String) {
    #expect(Timestamp.seconds(of: bytes(text)) == nil)
  }
}
