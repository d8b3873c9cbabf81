import CTun
import Glibc

/// Carries the packets of one direction from one TUN device to the other, on a thread of its own.
final class Forwarder: @unchecked Sendable {
  private let input: Int32
  private let output: Int32
  /// Its other end being closed ends the thread.
  private let stop: Int32
  private let link: Link.Direction
  /// The start of the client on the monotonic clock.
  private var origin: Int64 = 0
  private var line: Line
  private var store = PacketStore()
  private var thread = pthread_t()
  let log = PacketLog()

  init(from input: Int32, to output: Int32, stop: Int32, link: Link.Direction, line: Line) {
    (self.input, self.output, self.stop) = (input, output, stop)
    (self.link, self.line) = (link, line)
  }

  /// Nanoseconds of the monotonic clock.
  static func clock() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  func start(at origin: Int64) {
    self.origin = origin
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        precall_tun_be_exact()
        Unmanaged<Forwarder>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
  }

  func join() { pthread_join(thread, nil) }

  private func run() {
    while true {
      release()
      let rest = store.next.map { max(0, $0 - (Self.clock() - origin)) } ?? .max
      let reason = precall_tun_wait(input, stop, min(rest, 1_000_000_000))
      if reason == 2 { break }
      if reason == 1 { receive() }
    }
    log.queueMaximumBytes = line.queueMaximumBytes
    log.queueMaximumTime = line.queueMaximumTime
    store.clear()
  }

  /// Takes what waits in the device, but never so much that due packets become late.
  private func receive() {
    for _ in 0..<32 {
      guard let slot = store.reserve() else { return overrun() }
      let count = read(input, store.bytes(slot), PacketStore.slotSize)
      guard count > 0 else { return store.giveBack(slot) }
      if !accept(slot, count) { store.giveBack(slot) }
    }
  }

  /// Decides about one packet; says whether its slot is in use.
  private func accept(_ slot: Int32, _ length: Int) -> Bool {
    let packet = UnsafeRawBufferPointer(start: store.bytes(slot), count: length)
    guard let header = PacketHeader(packet), !header.isMulticast else { return false }
    let now = Self.clock() - origin
    let decision = line.take(header, length: length, at: now)
    let test = header.testNumber(packet, isUp: line.isUp)
    let number = log.add(header, length: length, testNumber: test, at: now, decision)
    switch decision.fate {
    case .delivered: break
    case .tooBig where link.maximum?.answers == true:
      answer(.tooBig(link.maximum?.bytes ?? 0), packet)
      return false
    case .blocked where link.blocks?.answers == true:
      answer(.prohibited, packet)
      return false
    default: return false
    }
    if decision.isDuplicated { duplicate(packet, decision.release) }
    if decision.isCorrupted { corrupt(slot, header, length, decision.place) }
    store.hold(slot, length: length, number: number, until: decision.release)
    return true
  }

  private func release() {
    var now = Self.clock() - origin
    var count = 0
    while let held = store.takeDue(at: now) {
      // The kernel hands the packet to its receiver within this call.
      log.handedOver(held.number, at: now, due: held.release)
      _ = write(output, store.bytes(held.slot), Int(held.length))
      store.giveBack(held.slot)
      now = Self.clock() - origin
      count += 1
      if count == 32 { return }
    }
  }

  private func duplicate(_ packet: UnsafeRawBufferPointer, _ release: Int64) {
    guard let slot = store.reserve(), let start = packet.baseAddress else { return }
    store.bytes(slot).copyMemory(from: start, byteCount: packet.count)
    store.hold(slot, length: packet.count, number: -1, until: release)
  }

  /// Turns one bit behind the IP header, so that the receiver's checksum must find it.
  private func corrupt(_ slot: Int32, _ header: PacketHeader, _ length: Int, _ place: UInt64) {
    let room = length - Int(header.headerLength)
    guard room > 0 else { return }
    let position = Int(header.headerLength) + Int(place % UInt64(room))
    let byte = store.bytes(slot).assumingMemoryBound(to: UInt8.self) + position
    byte.pointee ^= 1 << UInt8(place >> 32 & 7)
  }

  private func answer(_ reason: ICMPAnswer, _ packet: UnsafeRawBufferPointer) {
    let answer = reason.message(about: packet)
    _ = answer.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
  }

  /// No slot is free: the packet in hand is lost by the lab, and said so.
  private func overrun() {
    var bytes = [UInt8](repeating: 0, count: PacketStore.slotSize)
    let count = read(input, &bytes, bytes.count)
    guard count > 0,
      let header = bytes.withUnsafeBytes({ PacketHeader(UnsafeRawBufferPointer(rebasing: $0[..<count])) })
    else { return }
    let now = Self.clock() - origin
    _ = log.add(header, length: count, at: now, Decision(fate: .overrun, release: now))
  }
}
