import Dispatch
import Foundation
import Glibc
import PrecallTestSupport
import Synchronization

/// A relay of UDP packets between one client and a server that drops and delays the packets it is told to,
/// by direction and by the order in which they come: the truth that a measurement is held against.
final class LossyRelay: Sendable {
  struct Plan: Sendable {
    var dropUp: @Sendable (Int) -> Bool = { _ in false }
    var dropDown: @Sendable (Int) -> Bool = { _ in false }
    /// Milliseconds that each packet waits.
    var delayUp: @Sendable (Int) -> Int = { _ in 0 }
    var delayDown: @Sendable (Int) -> Int = { _ in 0 }
    /// What the server gets in place of a packet.
    var spoilUp: (@Sendable (Int, [UInt8]) -> [UInt8])?
    /// What the client gets in place of an answer of the server: a reflector that lies, or a network that
    /// spoils what passes.
    var lie: (@Sendable (Int, [UInt8]) -> [[UInt8]])?
    /// Has each answer come once more, first and from another port.
    var hasStranger = false
  }

  /// Packets that came and those of them that were dropped.
  struct Truth: Sendable {
    var up = 0
    var down = 0
    var droppedUp = 0
    var droppedDown = 0
  }

  let port: UInt16
  private let outside: Int32
  private let inside: Int32
  private let stranger: Int32
  private let plan: Plan
  private let counts = Mutex(Truth())
  private let client = Mutex<sockaddr_in?>(nil)
  private let queue = DispatchQueue(label: "relay.later", qos: .userInteractive)
  private let isStopped = Atomic(false)

  init(to serverPort: UInt16, _ plan: Plan) {
    self.plan = plan
    outside = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    port = MisbehavingServer.bindToLoopback(outside)
    inside = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    _ = MisbehavingServer.bindToLoopback(inside)
    Self.connect(inside, to: serverPort)
    stranger = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    _ = MisbehavingServer.bindToLoopback(stranger)
    for (queue, work) in [("relay.up", relayUp), ("relay.down", relayDown)] {
      DispatchQueue(label: queue, qos: .userInteractive).async { work() }
    }
  }

  var truth: Truth { counts.withLock { $0 } }

  /// The sockets stay open for packets that still wait.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    shutdown(inside, Int32(SHUT_RDWR))
    shutdown(outside, Int32(SHUT_RDWR))
  }

  static func connect(_ socket: Int32, to port: UInt16) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private func relayUp() {
    var bytes = [UInt8](repeating: 0, count: 2_048)
    while !isStopped.load(ordering: .relaxed) {
      var from = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let count = withUnsafeMutablePointer(to: &from) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          recvfrom(outside, &bytes, bytes.count, 0, $0, &size)
        }
      }
      guard count > 0 else { continue }
      client.withLock { [from] in $0 = from }
      let packet = Array(bytes[..<count])
      let number = counts.withLock {
        $0.up += 1; return $0.up - 1
      }
      if plan.dropUp(number) { counts.withLock { $0.droppedUp += 1 }; continue }
      let passed = plan.spoilUp?(number, packet) ?? packet
      later(plan.delayUp(number)) { [self] in _ = send(inside, passed, passed.count, 0) }
    }
  }

  private func relayDown() {
    var bytes = [UInt8](repeating: 0, count: 2_048)
    while !isStopped.load(ordering: .relaxed) {
      let count = recv(inside, &bytes, bytes.count, 0)
      guard count > 0 else { continue }
      let packet = Array(bytes[..<count])
      let number = counts.withLock {
        $0.down += 1; return $0.down - 1
      }
      if plan.dropDown(number) { counts.withLock { $0.droppedDown += 1 }; continue }
      let answers = plan.lie?(number, packet) ?? [packet]
      later(plan.delayDown(number)) { [self] in
        if plan.hasStranger { answer(packet.reversed(), over: stranger); answer(packet, over: stranger) }
        for packet in answers { answer(packet, over: outside) }
      }
    }
  }

  private func answer(_ packet: [UInt8], over socket: Int32) {
    guard var to = client.withLock({ $0 }) else { return }
    _ = withUnsafePointer(to: &to) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socket, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private func later(_ milliseconds: Int, _ work: @escaping @Sendable () -> Void) {
    if milliseconds == 0 { return work() }
    queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds), execute: work)
  }
}
