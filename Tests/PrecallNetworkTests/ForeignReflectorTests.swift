import Foundation
import PrecallCore
import PrecallNetwork
import PrecallTestSupport
import PrecallWire
import Synchronization
import Testing

/// Our sender against a reflector that is written with scapy: other people's reading of RFC 8762.
@Suite(.timeLimit(.minutes(1))) struct `A reflector of others` {
  /// Before every reflector: where it listens, and the time as a packet has it (RFC 5905).
  private static let opening = """
    import hashlib, hmac, os, socket, struct, sys, threading, time
    def stamp():
        now = time.time_ns() + 2208988800 * 10**9
        return struct.pack(">II", now // 10**9, (now % 10**9 << 32) // 10**9)
    # A test's threads block SIGTERM, and this inherits that: it ends with its input.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))
    print(line.getsockname()[1], flush=True)

    """

  private static let script = """
    from scapy.contrib.stamp import *
    now = lambda: time.time() + 2208988800  # scapy puts seconds into the packet as they are.
    number = 0
    while True:
        octets, sender = line.recvfrom(2048)
        received, packet = now(), STAMPSessionSenderTestUnauthenticated(octets[:44])
        estimate = ErrorEstimate(S=0, Z=0, scale=0, multiplier=1)
        reply = STAMPSessionReflectorTestUnauthenticated(
            seq=number, ssid=packet.ssid, ts_rx=received, seq_sender=packet.seq, ts_sender=packet.ts,
            err_estimate=estimate, err_estimate_sender=packet.err_estimate, ttl_sender=64, ts=now())
        # The sender's stamp comes back bit for bit, which scapy's decimals don't keep; so do the extensions.
        made = bytes(reply)[:44]
        line.sendto(made[:28] + octets[4:12] + made[36:] + octets[44:], sender)
        number += 1
    """

  /// Authenticated (RFC 8762 sections 4.2.2 and 4.3.2), by the RFC's figures and Python's own HMAC.
  private static let sealed = """
    key = bytes.fromhex(sys.argv[1])
    seal = lambda octets: hmac.new(key, octets[:96], hashlib.sha256).digest()[:16]
    number = 0
    while True:
        octets, sender = line.recvfrom(2048)
        received = stamp()
        if len(octets) < 112 or not hmac.compare_digest(octets[96:112], seal(octets)):
            continue
        reply = struct.pack(">I12x8s2s2s4x", number, stamp(), octets[24:26], octets[26:28]) + received
        reply += struct.pack(">8x4s12x8s2s6xB15x", octets[:4], octets[16:24], octets[24:26], 64)
        line.sendto(reply + seal(reply) + octets[112:], sender)
        number += 1
    """

  /// TWAMP Light by the figures of RFC 5357 section 4.2.1 and appendix I: it numbers its answers as it was
  /// asked, and sends back what it was padded with, but for 27 octets, or no padding at all.
  private static let twamp = """
    while True:
        octets, sender = line.recvfrom(2048)
        received = stamp()
        reply = octets[:4] + stamp() + bytes([128, 1, 0, 0]) + received + octets[:14] + bytes([0, 0, 64])
        line.sendto(reply + (octets[41:] if sys.argv[1] == "padded" else b""), sender)
    """

  /// Stamps as routers with PTP clocks make them, which the Z bit of the estimate tells (RFC 8762 section 4.2.1): 32
  /// bits of seconds of TAI, and 32 bits of nanoseconds.
  private static let ptp = """
    def precise():
        now = time.time_ns() + 37 * 10**9
        return struct.pack(">II", now // 10**9, now % 10**9)
    number = 0
    while True:
        octets, sender = line.recvfrom(2048)
        received = precise()
        reply = struct.pack(">I", number) + precise() + bytes([0xC0, 1]) + octets[14:16] + received
        line.sendto(reply + octets[:14] + bytes([0, 0, 64, 0, 0, 0]) + octets[44:], sender)
        number += 1
    """

  /// Runs `body` with the port of a reflector that `script` is.
  private func withReflector<T>(
    _ script: String, _ arguments: [String] = [], _ body: (UInt16) async throws -> T
  ) async throws -> T {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", Self.opening + script] + arguments
    let output = Pipe()
    process.standardOutput = output
    let life = Pipe()
    process.standardInput = life
    try process.run()
    defer {
      try? life.fileHandleForWriting.close()
      process.waitUntilExit()
    }
    let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    return try await body(try #require(UInt16(said.filter(\.isNumber)), "python3-scapy did not run"))
  }

  @Test func `is measured like our own`() async throws {
    let measurement = try await withReflector(Self.script) { port in
      try await withServer { server in
        let tickets = TicketRelay(to: server.httpPort, replacing: server.udpPort, with: port)
        defer { tickets.stop() }
        return await measure(tickets.port, limit: .seconds(2))
      }
    }
    #expect(measurement.packets.replies.count > 100)
    #expect(Possibility(measurement).problems == [])
    #expect(!codes(measurement).contains("network.udp-blocked"))
    let rows = measurement.assessed(by: .standard).assessments
    for metric in [Metric.roundTripTime, .jitter, .lossUp, .lossDown] {
      #expect(rows.contains { $0.metric == metric }, "\(metric.id)")
    }
  }
  /// What a line to a reflector without tickets is seen to do in three seconds.
  private func watch(_ port: UInt16, _ key: STAMPKey? = nil) async throws -> [WatchEvent] {
    let events = Mutex<[WatchEvent]>([])
    let target = WatchTarget.reflector(try ReflectorAddress("stamp://127.0.0.1:\(port)"), key)
    let failure = await LineWatch(target, for: .seconds(3)).run { event in
      events.withLock { $0.append(event) }
    }
    #expect(failure == nil)
    return events.withLock { $0 }
  }

  private func answered(_ events: [WatchEvent]) -> Int {
    events.reduce(0) { sum, event in
      if case .second(let second) = event { sum + second.answered } else { sum }
    }
  }

  @Test func `is watched without a ticket`() async throws {
    let events = try await withReflector(Self.script) { try await watch($0) }
    #expect(answered(events) >= 45, "\(events)")
  }

  @Test(arguments: ["padded", "bare"]) func `is watched where it speaks TWAMP Light`(way: String)
    async throws
  {
    let events = try await withReflector(Self.twamp, [way]) { try await watch($0) }
    #expect(answered(events) >= 45, "\(events)")
  }

  @Test func `is watched where its stamps are in PTP's format`() async throws {
    let events = try await withReflector(Self.ptp) { try await watch($0) }
    #expect(answered(events) >= 45, "\(events)")
    let jitters = events.compactMap { event -> Int64? in
      if case .second(let second) = event { second.jitter?.base } else { nil }
    }
    // Read as NTP's, whose fraction counts to 4,294,967,296, each interval of 50 ms would seem to last 12.
    #expect((try #require(jitters.min())) < 20_000, "\(jitters)")
  }

  @Test func `is watched with its key, and not with another`() async throws {
    let key = (0..<32).map { UInt8(7 * $0 + 5) }
    let text = key.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    let (right, wrong) = try await withReflector(Self.sealed, [text]) { port in
      async let right = watch(port, STAMPKey(key))
      async let wrong = watch(port, STAMPKey(key.reversed()))
      return try await (right, wrong)
    }
    #expect(answered(right) >= 45, "\(right)")
    #expect(answered(wrong) == 0, "\(wrong)")
  }
}
