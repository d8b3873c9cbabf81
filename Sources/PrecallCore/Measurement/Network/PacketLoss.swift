/// Packets lost in one direction (RFC 7680), how sure that is, and in what bursts (RFC 3357).
package struct PacketLoss: Sendable {
  /// Packets that set out in this direction and of which the fate is known.
  package let sent: Int
  package let lost: Int
  /// The interval that holds the line's own ratio with 95 % confidence: Wilson's score interval (1927), of as
  /// many packets as there would be independent ones (`effective`).
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
    (low, high) = Self.wilson(
      Double(lost) / Double(sent), of: Self.effective(sent, lost: lost, bursts: bursts))
  }

  /// What is supposed of a line before any loss was seen, and for how many losses that stands: where packets
  /// did not load the path themselves, the one after a lost one was lost in about a quarter of all cases
  /// (Paxson, End-to-End Internet Packet Dynamics, SIGCOMM 1997).
  private static let supposedCorrelation = 0.25
  private static let suppositionWeight = 3.0

  /// Losses in bursts tell less: n packets whose losses are correlated by r from one to the next tell as much
  /// as n (1 - r) / (1 + r) independent ones (Bayley and Hammersley 1946, of a first-order process, as
  /// Gilbert's model of bursts is one).
  private static func effective(_ sent: Int, lost: Int, bursts: Int) -> Double {
    let (count, losses) = (Double(sent), Double(lost))
    let ratio = losses / count
    // Of all losses but the first of each burst, the packet before was lost too.
    let repeated = lost == 0 ? 0 : Double(lost - bursts) / losses
    let seen = lost == sent ? 1 : max(0, (repeated - ratio) / (1 - ratio))
    let weight = losses + suppositionWeight
    let correlation = (seen * losses + supposedCorrelation * suppositionWeight) / weight
    return max(1, count * (1 - correlation) / (1 + correlation))
  }

  /// Of independent packets.
  package static func wilson(_ part: Int, of whole: Int) -> (low: Share, high: Share) {
    guard whole > 0 else { return (.zero, Share(base: 1_000_000)) }
    return wilson(Double(part) / Double(whole), of: Double(whole))
  }

  private static func wilson(_ ratio: Double, of count: Double) -> (low: Share, high: Share) {
    let z = 1.959963984540054
    let scale = 1 + z * z / count
    let centre = ratio + z * z / (2 * count)
    let reach = z * Mathematics.pow(ratio * (1 - ratio) / count + z * z / (4 * count * count), 0.5)
    let low = ratio == 0 ? 0 : (centre - reach) / scale
    let high = ratio == 1 ? 1 : (centre + reach) / scale
    return (Share(base: rounded(low * 1_000_000)), Share(base: rounded(high * 1_000_000)))
  }
}
