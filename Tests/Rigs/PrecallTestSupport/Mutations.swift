/// Documents spoilt as files and networks spoil them, the same in every run (SplitMix64).
package struct Mutations: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// `document` after one to four changes: a byte changed, cut off, taken out, or a part written twice.
  package mutating func mutated(_ document: [UInt8]) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
      let start = Int.random(in: 0..<bytes.count, using: &self)
      let end = min(bytes.count, start + Int.random(in: 1...24, using: &self))
      switch Int.random(in: 0..<6, using: &self) {
      case 0: bytes[start] = UInt8.random(in: 0...255, using: &self)
      case 1: bytes[start] = Array("{}[]\",:-0.e\\u".utf8).randomElement(using: &self) ?? 0
      case 2: bytes.removeSubrange(start..<end)
      case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 4: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: start)
      default: bytes.removeSubrange(start...)
      }
    }
    return bytes
  }
}
