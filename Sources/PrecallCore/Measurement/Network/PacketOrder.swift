/// Packets that arrived out of order or more than once.
package struct PacketOrder: Sendable {
  /// Packets that came back.
  package let arrived: Int
  /// Of them, those that a packet sent later had overtaken (RFC 4737 section 3.3, type-P-reordered), on the
  /// way up and back together.
  package let reordered: Int
  /// Replies to a packet that had been answered before (RFC 5560).
  package let duplicates: Int

  package init(of run: PacketRun, in sequences: Range<Int>) {
    var seen = [Bool](repeating: false, count: sequences.count)
    var expected = sequences.lowerBound
    var arrived = 0
    var reordered = 0
    var duplicates = 0
    for reply in run.replies where sequences.contains(reply.sequence) {
      let index = reply.sequence - sequences.lowerBound
      if seen[index] {
        duplicates += 1
        continue
      }
      seen[index] = true
      arrived += 1
      if reply.sequence < expected { reordered += 1 } else { expected = reply.sequence + 1 }
    }
    self.arrived = arrived
    self.reordered = reordered
    self.duplicates = duplicates
  }

  package var reorderedShare: Share { Share(reordered, of: arrived) }
}
