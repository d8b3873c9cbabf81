import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport
import PrecallWire
import Synchronization
import Testing

import PrecallServer

/// A UDP sender of its own address that counts the bytes it sends and gets.
private final class Flooder {
  private let connection: TestConnection
  private(set) var sent = 0
  private(set) var received = 0
  private(set) var answers = 0
  private var room = [UInt8](repeating: 0, count: 4_096)

  init(port: UInt16) throws { connection = try TestConnection(port: port, udp: true) }

  func send(_ packet: [UInt8]) {
    if Glibc.send(connection.socket, packet, packet.count, Int32(MSG_NOSIGNAL)) >= 0 { sent += packet.count }
  }

  /// Takes in what has come, without waiting.
  /// The same, once something has come: at most five seconds.
  func receiveWaiting() {
    var readable = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
    poll(&readable, 1, 5_000)
    receive()
  }

  func receive() {
    while true {
      let count = recv(connection.socket, &room, room.count, Int32(MSG_DONTWAIT))
      guard count >= 0 else { return }
      received += count
      answers += 1
    }
  }
}

private final class Flag: Sendable {
  let value = Atomic(false)
}

/// Floods against the built server: what it answers is counted at the sockets, what it holds is read from
/// the kernel.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FloodTests {
  static func grant(_ server: RunningServer) async throws -> TicketGrant {
    let answer = try await TestConnection.answer(server.port, "POST /v1/tickets")
    return try TicketGrant(json: try MeasurementEndpointTests.body(answer))
  }

  static func packet(_ grant: TicketGrant, _ sequence: Int, ticket: [UInt8]?, length: Int = 100) -> [UInt8] {
    STAMPSenderPacket(
      sequence: UInt32(sequence), timestamp: NTPTimestamp(bits: UInt64(sequence)),
      errorEstimate: ErrorEstimate(bits: 1), sessionID: grant.sessionID, ticket: ticket
    ).encode(paddedTo: length)
  }

  static func binding(padding: Int) -> [UInt8] {
    let padding = STUNMessage.Attribute(STUN.padding, [UInt8](repeating: 0, count: padding))
    return STUNMessage(.request, .binding, STUNTransaction(), [padding]).encode(fingerprint: true)
  }

  /// Resident memory in kibibytes.
  static func memory(_ server: RunningServer) throws -> Int {
    try status(of: server.process.processIdentifier, "VmRSS:")
  }

  static func status(of process: Int32, _ key: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(key) })
    return try #require(line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first)
  }

  static func openFiles(_ server: RunningServer) throws -> Int {
    try FileManager.default
      .contentsOfDirectory(atPath: "/proc/\(server.process.processIdentifier)/fd").count
  }

  /// How many of 200 packets of an honest client come back, sent as a call sends them.
  static func honest(_ grant: TicketGrant) async throws -> Int {
    try await onThread {
      let client = try Flooder(port: grant.udpPort)
      for sequence in 0..<200 {
        client.send(packet(grant, sequence, ticket: grant.ticket))
        usleep(10_000)
        client.receive()
      }
      usleep(200_000)
      client.receive()
      return client.answers
    }
  }

  /// Kinds of packets that must get no answer.
  static func forgeries(_ grant: TicketGrant) -> [[UInt8]] {
    var spoilt = grant.ticket
    spoilt[20] ^= 1
    let good = packet(grant, 0, ticket: grant.ticket)
    let short = STUNMessage(.request, .binding, STUNTransaction(), []).encode()
    return [
      packet(grant, 0, ticket: nil), packet(grant, 0, ticket: spoilt),
      packet(grant, 0, ticket: [UInt8](repeating: 3, count: 32)), Array(good.prefix(60)),
      Array(good.prefix(43)), Array(good.prefix(1)), [],
      packet(grant, 0, ticket: grant.ticket, length: 1_473),
      short, [UInt8](repeating: 0x21, count: 1_400),
    ]
  }

  @Test func `a flood of forged packets gets nothing, costs no memory and hinders nobody`() async throws {
    let server = try RunningServer([])
    let grant = try await Self.grant(server)
    #expect(try await Self.honest(grant) >= 198)
    let before = try Self.memory(server)
    let isOver = Flag()
    async let flood = onThread {
      let flooders = try (0..<8).map { _ in try Flooder(port: grant.udpPort) }
      let packets = Self.forgeries(grant)
      var count = 0
      while !isOver.value.load(ordering: .relaxed) {
        // Twenty thousand a second: what an honest client's own line could bring as well.
        for _ in 0..<40 {
          flooders[count % 8].send(packets[count % packets.count])
          count += 1
        }
        usleep(2_000)
        for flooder in flooders { flooder.receive() }
      }
      return (count, flooders.map(\.received).reduce(0, +))
    }
    let answered = try await Self.honest(grant)
    isOver.value.store(true, ordering: .relaxed)
    let (count, received) = try await flood
    let growth = try Self.memory(server) - before
    print(
      "forged packets: \(count), bytes to their senders: \(received), memory: +\(growth) KiB,",
      "honest packets answered: \(answered) of 200")
    #expect(count > 10_000)
    #expect(received == 0)
    #expect(answered >= 190)
    #expect(growth < 16_384)
  }

  @Test(arguments: [false, true]) func `nobody without a ticket gets more bytes than they sent`(
    isOpen: Bool
  ) async throws {
    let server = try RunningServer(isOpen ? ["--stamp-open"] : [])
    let grant = try await Self.grant(server)
    let sums = try await onThread {
      var random = Mutations(seed: 862)
      var seeds = Self.forgeries(grant) + [0, 4, 12, 28, 60].map { Self.binding(padding: $0) }
      seeds += [44, 100, 1_472].map { Self.packet(grant, 1, ticket: nil, length: $0) }
      return try (0..<40).map { address in
        let flooder = try Flooder(port: grant.udpPort)
        for round in 0..<500 {
          let seed = seeds[(round + address) % seeds.count]
          flooder.send(round % 3 == 0 ? seed : random.mutated(seed))
          if round % 20 == 0 { usleep(1_000) }
        }
        usleep(20_000)
        flooder.receive()
        return (sent: flooder.sent, received: flooder.received, answers: flooder.answers)
      }
    }
    print(
      "open \(isOpen): \(sums.map(\.sent).reduce(0, +)) bytes sent, \(sums.map(\.received).reduce(0, +)) got")
    #expect(sums.allSatisfy { $0.received <= $0.sent })
    // Some are answered, or the count would prove nothing; strangers from one address a few times only.
    #expect(sums.filter { $0.answers > 0 }.count > (isOpen ? 0 : 30))
  }

  @Test func `packets that are played again from elsewhere get no more bytes than they had`() async throws {
    let server = try RunningServer([])
    let grant = try await Self.grant(server)
    let (sent, received) = try await onThread {
      let thief = try Flooder(port: grant.udpPort)
      for sequence in 0..<2_000 {
        thief.send(Self.packet(grant, sequence % 5, ticket: grant.ticket))
        if sequence % 20 == 0 { usleep(2_000) }
      }
      usleep(100_000)
      thief.receive()
      return (thief.sent, thief.received)
    }
    #expect(received > 0 && received <= sent)
    #expect(try await Self.honest(grant) >= 198)
  }

  @Test func `who asks for every ticket there is keeps nobody out`() async throws {
    let server = try RunningServer(["--max-sessions", "50"])
    for _ in 0..<60 {
      let grant = try await Self.grant(server)
      let answers = try await onThread {
        let client = try Flooder(port: grant.udpPort)
        client.send(Self.packet(grant, 0, ticket: grant.ticket))
        client.receiveWaiting()
        return client.answers
      }
      #expect(answers == 1)
    }
    #expect(try await Self.honest(try await Self.grant(server)) >= 198)
  }
}
