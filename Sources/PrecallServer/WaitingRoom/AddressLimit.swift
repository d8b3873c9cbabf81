import Glibc
import Synchronization

/// How often each address may do something: guess at links, have a report judged, ask for credentials.
package final class AddressLimit: Sendable {
  private static let capacity = 20_000

  private let burst: Double
  private let perSecond: Double
  private let buckets = Mutex<[String: TokenBucket]>([:])

  package init(burst: Double, perSecond: Double) {
    self.burst = burst
    self.perSecond = perSecond
  }

  /// Whether `address` has done it too often. Does not count.
  package func isExhausted(_ address: String, now: Int64) -> Bool {
    buckets.withLock { $0[Self.network(of: address)]?.isEmpty(now: now) ?? false }
  }

  /// Counts once; false where it is too often.
  @discardableResult package func take(_ address: String, now: Int64) -> Bool {
    buckets.withLock { buckets in
      makeRoom(in: &buckets, now: now)
      let fresh = TokenBucket(burst: burst, perSecond: perSecond, now: now)
      return buckets[Self.network(of: address), default: fresh].take(now: now)
    }
  }

  /// Forgets addresses that may do all again; where an attacker fills the table all the same, everybody
  /// starts anew rather than nobody getting in.
  private func makeRoom(in buckets: inout [String: TokenBucket], now: Int64) {
    guard buckets.count >= Self.capacity else { return }
    for (address, bucket) in buckets {
      var bucket = bucket
      if bucket.isFull(now: now) { buckets[address] = nil }
    }
    if buckets.count >= Self.capacity { buckets.removeAll() }
  }

  /// One subscriber of IPv6 has 2^64 addresses or more: its first 64 bits count as one. An address of IPv4, also
  /// as a listener of both families writes it (RFC 4291 section 2.5.5.2), is one by itself.
  static func network(of address: String) -> String {
    var octets = [UInt8](repeating: 0, count: 16)
    guard unsafe inet_pton(AF_INET6, address, &octets) == 1 else { return address }
    let isMapped = octets.prefix(10).allSatisfy { $0 == 0 } && octets[10] == 0xFF && octets[11] == 0xFF
    return isMapped ? address : octets.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
  }
}
