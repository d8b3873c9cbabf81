import PrecallNetwork
import PrecallTestSupport
import Testing

struct `The date of an answer` {
  @Test(
    arguments: [
      // RFC 9110 section 5.6.7, all three forms of one moment.
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777), ("", nil), ("soon", nil),
      ("Fri, 31 Dec 9999 23:59:59 GMT", nil),
      ("Sun, 06 Nov 1894 08:49:37 GMT", nil),
    ] as [(String, Int64?)]) func `is read in its three forms, and is within our century`(
      text: String, seconds: Int64?
    )
  {
    #expect(HTTPDate.seconds(of: text) == seconds)
  }

  @Test func `spoilt never traps`() {
    var random = Mutations(seed: 9_110)
    let seeds = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 +9959", "19941106 084937"]
    for round in 0..<20_000 {
      let octets = random.mutated(Array(seeds[round % seeds.count].utf8))
      let seconds = HTTPDate.seconds(of: String(decoding: octets, as: UTF8.self))
      #expect(seconds.map { (0...4_102_444_800).contains($0) } ?? true)
    }
  }
}
