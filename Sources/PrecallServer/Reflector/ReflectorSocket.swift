import CLinuxNet
import NIOCore

/// The reflector's bound UDP socket; closed when it goes.
struct ReflectorSocket: ~Copyable, Sendable {
  fileprivate let descriptor: Int32
  let port: UInt16

  /// Blocks while a name is looked up.
  init(host: String, port: UInt16) throws {
    let address = try SocketAddress.makeAddressResolvingHost(host, port: Int(port))
    let bound = unsafe address.withSockAddr { base, size in unsafe precall_net_bound(base, size) }
    guard bound >= 0 else { throw IOError(errnoCode: -bound, reason: "bind") }
    descriptor = bound
    self.port = UInt16(truncatingIfNeeded: precall_net_port(descriptor))
  }

  deinit { precall_net_close(descriptor) }
}

/// Ends a wait of another thread, once and for good.
struct StopEvent: ~Copyable, Sendable {
  fileprivate let descriptor: Int32

  init() throws {
    let made = precall_net_event()
    guard made >= 0 else { throw IOError(errnoCode: -made, reason: "eventfd") }
    descriptor = made
  }

  deinit { precall_net_close(descriptor) }

  func set() { precall_net_set_event(descriptor) }
}

/// A packet, and what the kernel told of it.
package struct ArrivedPacket: Sendable {
  package var octets: [UInt8] = []
  package var sender = SenderAddress(high: 0, low: 0, port: 0)
  /// When it came, in nanoseconds of the steady clock.
  package var received: Int64 = 0
  /// When it was read.
  package var time = ServerTime(wall: 0, steady: 0)
  /// TTL or Hop Limit with which it came; 255 where that is not known.
  package var timeToLive: UInt8 = 255

  package init() {}
}

/// Room for the packets that are taken from a socket at once. Used by one thread.
@safe struct PacketBatch: ~Copyable {
  /// For how long a wait lasts at most, in milliseconds.
  private static let longestWait: Int32 = 1_000
  private let room: OpaquePointer

  init() {
    guard let room = unsafe precall_net_datagrams_new() else { fatalError("no memory") }
    unsafe self.room = room
  }

  deinit { unsafe precall_net_datagrams_free(room) }

  /// How many packets have come; nothing once `stop` is set.
  mutating func take(from socket: borrowing ReflectorSocket, until stop: borrowing StopEvent) -> Int? {
    let count = unsafe precall_net_take(room, socket.descriptor, stop.descriptor, Self.longestWait)
    return count < 0 ? nil : Int(count)
  }

  /// Puts one of them in `packet`, whose octets' memory is used again.
  func read(_ index: Int, into packet: inout ArrivedPacket) {
    var arrival = precall_net_arrival()
    var count = 0
    let start = unsafe precall_net_datagram(room, Int32(index), &count, &arrival)
    packet.octets.removeAll(keepingCapacity: true)
    unsafe packet.octets.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    packet.sender = SenderAddress(high: arrival.high, low: arrival.low, port: arrival.port)
    packet.received = arrival.received_ns
    packet.time = .now
    packet.timeToLive = arrival.hops_left
  }

  /// False where the system would not take the answer at once.
  func answer(_ index: Int, with octets: [UInt8], on socket: borrowing ReflectorSocket) -> Bool {
    unsafe precall_net_answer(room, Int32(index), socket.descriptor, octets, octets.count)
  }
}
