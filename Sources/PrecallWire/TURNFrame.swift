import PrecallCore

/// Cuts what comes over TCP or TLS into STUN messages and channel data (RFC 8656 sections 3.1 and 12.5).
package struct TURNFrames: Sendable {
  /// Nothing of ours is longer; a longer frame is a peer's error.
  private static let longest = 4_096
  private var octets: [UInt8] = []
  /// Whether the stream has lost its way, after which nothing can be read any more.
  package private(set) var isBroken = false

  package init() {}

  package mutating func append(_ more: [UInt8]) { octets += more }

  /// The next whole frame, without channel data's padding.
  package mutating func next() -> [UInt8]? {
    guard !isBroken, octets.count >= 4 else { return nil }
    let isChannel = octets[0] & 0xC0 == 0x40
    guard isChannel || octets[0] & 0xC0 == 0 else {
      isBroken = true
      return nil
    }
    let length = Int(octets[2]) << 8 | Int(octets[3])
    let whole = isChannel ? 4 + length : STUNMessage.headerLength + length
    let padded = isChannel ? (whole + 3) / 4 * 4 : whole
    guard padded <= Self.longest else {
      isBroken = true
      return nil
    }
    guard octets.count >= padded else { return nil }
    defer { octets.removeFirst(padded) }
    return Array(octets[..<whole])
  }
}

/// Data on a channel (RFC 8656 section 12.4): its number, a length, the data.
package enum ChannelData {
  package static func encode(_ channel: UInt16, _ data: [UInt8], padded: Bool) -> [UInt8] {
    [UInt8(channel >> 8), UInt8(channel & 0xFF), UInt8(data.count >> 8 & 0xFF), UInt8(data.count & 0xFF)]
      + data + [UInt8](repeating: 0, count: padded ? -data.count & 3 : 0)
  }

  /// The data, where `frame` is one on `channel`.
  package static func decode(_ frame: [UInt8], on channel: UInt16) -> [UInt8]? {
    guard frame.count >= 4, frame.span.bigEndian(at: 0) == channel else { return nil }
    let length: UInt16 = frame.span.bigEndian(at: 2)
    guard 4 + Int(length) <= frame.count else { return nil }
    return Array(frame[4..<(4 + Int(length))])
  }
}
