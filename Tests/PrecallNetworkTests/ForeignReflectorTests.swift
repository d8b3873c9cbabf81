import Foundation
import PrecallCore
import Testing

/// Our sender against a reflector that is written with scapy: other people's reading of RFC 8762.
@Suite(.timeLimit(.minutes(1))) struct `A reflector of others` {
  private static let script = """
    import os, socket, sys, threading, time
    from scapy.contrib.stamp import *
    now = lambda: time.time() + 2208988800  # scapy puts seconds into the packet as they are.
    # A test's threads block SIGTERM, and this inherits that: it ends with its input.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))
    print(line.getsockname()[1], flush=True)
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

  @Test func `is measured like our own`() async throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", Self.script]
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
    let port = try #require(UInt16(said.filter(\.isNumber)), "python3-scapy did not run")
    let measurement = try await withServer { server in
      let tickets = TicketRelay(to: server.httpPort, replacing: server.udpPort, with: port)
      defer { tickets.stop() }
      return await measure(tickets.port, limit: .seconds(2))
    }
    #expect(measurement.packets.replies.count > 100)
    #expect(Possibility(measurement).problems == [])
    #expect(!codes(measurement).contains("network.udp-blocked"))
    let rows = measurement.assessed(by: .standard).assessments
    for metric in [Metric.roundTripTime, .jitter, .lossUp, .lossDown] {
      #expect(rows.contains { $0.metric == metric }, "\(metric.id)")
    }
  }
}
