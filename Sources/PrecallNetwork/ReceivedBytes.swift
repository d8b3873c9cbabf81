/// What has arrived of one TCP connection's answer, by the kernel's counts.
///
/// The program's own count waits for a lost packet and then takes all behind it at once; the kernel's count of
/// segments does not. But it takes every segment for a whole one, as the short one of the answer's head, and counts
/// those that came twice or damaged: so whenever the kernel holds nothing back, no gap is open, and the count of bytes
/// in order sets it right. (On a line of 1.5 Mbit/s the heads of three flows would otherwise be 4 % of a brief
/// download.)
package struct ReceivedBytes {
  /// By how much the count of segments is too high.
  private var excess: Int64 = 0
  /// What is no body: TLS's handshake and the head.
  private var head: Int64 = 0
  private var most: Int64 = 0

  package init() {}

  /// - Parameters:
  ///   - inOrder: bytes without a gap before them.
  ///   - whole: of all segments, each taken for a whole one.
  ///   - held: memory of what the program has not taken yet, as it can't what is behind a gap.
  ///   - hasBody: whether the program has seen some of the body.
  /// - Returns: the bytes that have arrived, which never get fewer.
  package mutating func note(inOrder: Int64, whole: Int64, held: Int64, hasBody: Bool) -> Int64 {
    if held == 0 { excess = whole - inOrder }
    if !hasBody { head = inOrder }
    most = max(most, max(inOrder, whole - excess) - head)
    return most
  }
}
