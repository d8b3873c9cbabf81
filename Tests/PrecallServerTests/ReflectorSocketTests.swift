import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport
import PrecallWire
import Testing

import PrecallServer

/// What the reflector knows of a packet from its socket alone.
@Suite struct ReflectorSocketTests {
  static func packet(_ sequence: UInt32) -> [UInt8] {
    STAMPSenderPacket(
      sequence: sequence, timestamp: NTPTimestamp(bits: 1), errorEstimate: ErrorEstimate(bits: 1),
      sessionID: 5
    ).encode()
  }

  /// Sets how many hops the packets of a socket may go from now on.
  static func limit(_ connection: TestConnection, to hops: Int32) {
    var hops = hops
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(connection.socket, Int32(IPPROTO_IP), IP_TTL, &hops, size)
    setsockopt(connection.socket, Int32(IPPROTO_IPV6), IPV6_UNICAST_HOPS, &hops, size)
  }

  /// Where it listens, and where it is asked. A connected socket hears no other address than the one it asked,
  /// and the one that a reply leaves from is not that one where the system chooses.
  static let ways = [
    ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::", "::1"), ("::", "127.0.0.1"), ("0.0.0.0", "127.0.0.9"),
    ("::", "127.0.0.9"),
  ]

  @Test(arguments: ways)
  func `a reply tells the hops that its packet had left, and comes from where that went`(
    host: String, target: String
  ) async throws {
    let configuration = MeasurementEndpointTests.configuration {
      $0.host = host
      $0.stamp.isOpen = true
    }
    try await withPrecallServer(configuration) { server in
      let replies = try await onThread {
        let connection = try TestConnection(port: server.udpPort, udp: true, at: target)
        return try [Int32(64), 1, 37, 255].map { hops in
          Self.limit(connection, to: hops)
          try connection.send(Self.packet(UInt32(hops)))
          return try connection.receive()
        }.map { STAMPReflectorPacket($0) }
      }
      #expect(replies.map { $0?.senderTimeToLive } == [64, 1, 37, 255])
      #expect(replies.map { $0?.senderSequence } == [64, 1, 37, 255])
      #expect(replies.map { $0?.sequence } == [0, 1, 2, 3])
    }
  }

  @Test(arguments: [("::1", 16), ("127.0.0.1", 4)])
  func `an address is told as the sender has it, also on a socket of both families`(
    target: String, length: Int
  ) async throws {
    try await withPrecallServer(MeasurementEndpointTests.configuration { $0.host = "::" }) { server in
      let answer = try await onThread {
        let connection = try TestConnection(port: server.udpPort, udp: true, at: target)
        try connection.send(FloodTests.binding(padding: 28))
        return try connection.receive()
      }
      let message = try #require(STUNMessage(answer))
      let address = STUNAddress(xor: try #require(message[STUN.xorMappedAddress]), message.transaction)
      #expect(address?.address.count == length && address?.address.last == 1)
    }
  }

  /// Stops a child, and waits until the last of its threads stands.
  private static func stop(_ child: pid_t) throws {
    kill(child, SIGSTOP)
    var change = siginfo_t()
    for _ in 0..<2_000 {
      waitid(P_PID, id_t(child), &change, WSTOPPED | WNOWAIT | WNOHANG)
      if change.si_signo == SIGCHLD { return }
      usleep(1_000)
    }
    throw RigError("the server does not stop")
  }

  @Test func `a packet that waits for its server is stamped when it came, not when it was read`() async throws
  {
    let server = try RunningServer(["--stamp-open"])
    let (port, process) = (server.udpPort, server.process.processIdentifier)
    let waits = try await onThread {
      let connection = try TestConnection(port: port, udp: true)
      try Self.stop(process)
      for sequence in 0..<3 as Range<UInt32> {
        try connection.send(Self.packet(sequence))
        usleep(50_000)
      }
      kill(process, SIGCONT)
      return try (0..<3).map { _ in
        let reply = try #require(STAMPReflectorPacket(try connection.receive()))
        return reply.transmitTimestamp.nanosecondsSince1970 - reply.receiveTimestamp.nanosecondsSince1970
      }
    }
    withExtendedLifetime(server) {}
    #expect(waits.min() ?? 0 >= 50_000_000 && waits == waits.sorted(by: >), "\(waits)")
  }
}
