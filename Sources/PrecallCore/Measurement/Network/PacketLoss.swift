/// Packets lost in one direction (RFC 7680), how sure that is, and in what bursts (RFC 3357).
package struct PacketLoss: Sendable {
  /// Packets that set out in this direction and of which the fate is known.
  package let sent: Int
  package let lost: Int
  /// The Wilson score interval of the ratio with 95 % confidence (Wilson 1927), the losses taken to be
  /// independent; bursts make the truth less certain.
  package let low: Share
  package let high: Share
  /// Packets in the longest run of losses.
  package let longestBurst: Int
  private let bursts: Int

  package var ratio: Share { Share(lost, of: sent) }
  /// Packets in a run of losses, on average; nothing where none was lost.
  package var meanBurst: Double? { bursts == 0 ? nil : Double(lost) / Double(bursts) }

  /// Nothing where no packet's fate is known.
  package init?(of fates: PacketFates, in sequences: Range<Int>, _ direction: Direction) {
    var sent = 0
    var lost = 0
    var bursts = 0
    var run = 0
    var longest = 0
    for fate in fates.fates[sequences.clamped(to: 0..<fates.fates.count)] {
      // A packet lost on the way up never set out on the way down, and parts no burst there.
      if fate == .unknown || direction == .down && fate == .lostUp { continue }
      sent += 1
      if fate == (direction == .up ? .lostUp : .lostDown) {
        lost += 1
        run += 1
        if run == 1 { bursts += 1 }
        longest = max(longest, run)
      } else {
        run = 0
      }
    }
    guard sent > 0 else { return nil }
    self.sent = sent
    self.lost = lost
    self.bursts = bursts
    longestBurst = longest
    (low, high) = Self.wilson(lost, of: sent)
  }

  package static func wilson(_ part: Int, of whole: Int) -> (low: Share, high: Share) {
    guard whole > 0 else { return (.zero, Share(base: 1_000_000)) }
    let z = 1.959963984540054
    let count = Double(whole)
    let ratio = Double(part) / count
    let scale = 1 + z * z / count
    let centre = ratio + z * z / (2 * count)
    let reach = z * Mathematics.pow(ratio * (1 - ratio) / count + z * z / (4 * count * count), 0.5)
    let low = part == 0 ? 0 : (centre - reach) / scale
    let high = part == whole ? 1 : (centre + reach) / scale
    return (Share(base: rounded(low * 1_000_000)), Share(base: rounded(high * 1_000_000)))
  }
}
