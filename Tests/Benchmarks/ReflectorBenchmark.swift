import FoundationEssentials
import Glibc
import NIOHTTP1
import PrecallCore
import PrecallTestSupport

/// How many packets a core of the server reflects, beside irtt's server, both with packets of 100 bytes as fast
/// as their clients on the other core can.
enum ReflectorBenchmark {
  private static let seconds = 3

  static func run() async throws {
    let ours = try await ourRate()
    let theirs = try await rateOfIRTT()
    let ratio = theirs > 0 ? Figure.decimal(ours.rate / theirs) : "-"
    Figure(
      name: "reflector, thousand packets/s a core", values: [ours.rate / 1_000],
      least: 2 * theirs / 1_000,
      peer: "irtt: \(Figure.decimal(theirs / 1_000)), ratio \(ratio) (2 asked); \(ours.answered) answered"
    ).show()
    if theirs == 0 { print("irtt gave nothing; install irtt" + Miss.mark(where: true, ": FAILED")) }
    try await besideDownloads()
  }

  private static func ourRate() async throws -> (rate: Double, answered: Int) {
    let arguments = [
      Fixtures.program("precall-server"), "--port", "0", "--udp-port", "0", "--end-with-stdin",
    ]
    return try await PinnedProgram.with(core: 0, arguments) { program in
      guard let port = try JSONReader.read(program.greeting)["http_port"]?.integer else {
        throw RigError("no port")
      }
      let answer = try await WebClient.ask(Int(port), .POST, "/v1/tickets")
      let grant = try TicketGrant(json: try JSONReader.read(Text(answer.body.utf8)))
      let before = program.processorTime
      let answered = try exchange(grant)
      return (Double(answered) / max(program.processorTime - before, 0.01), answered)
    }
  }

  /// Keeps some packets under way, and counts what comes back.
  private static func exchange(_ grant: TicketGrant) throws -> Int {
    let socket = try LoopbackPort.connected("127.0.0.1", grant.udpPort, SOCK_DGRAM)
    defer { close(socket) }
    var room = [UInt8](repeating: 0, count: 2_048)
    var (sent, answered) = (0, 0)
    let end = Run.now() + Double(seconds)
    while Run.now() < end {
      for _ in 0..<32 {
        let packet = STAMPSenderPacket(
          sequence: UInt32(sent), timestamp: NTPTimestamp(bits: UInt64(sent)),
          errorEstimate: ErrorEstimate(bits: 1), sessionID: grant.sessionID, ticket: grant.ticket
        ).encode(paddedTo: 100)
        if send(socket, packet, packet.count, 0) > 0 { sent += 1 }
      }
      var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      _ = poll(&ready, 1, 5)
      while recv(socket, &room, room.count, Int32(MSG_DONTWAIT)) > 0 { answered += 1 }
    }
    return answered
  }

  private static func rateOfIRTT() async throws -> Double {
    let server = ["/usr/bin/irtt", "server", "-i", "0", "-b", "127.0.0.1:12112"]
    return try await PinnedProgram.with(core: 0, server) { program in
      try await Fixtures.withTemporaryFolder { folder in
        let before = program.processorTime
        // It writes every packet's times; one line of them is of interest.
        let client =
          "taskset -c 1 irtt client -i 10us -d \(seconds)s -l 100 -Q -o - 127.0.0.1:12112"
          + " | grep -m 1 server_packets_received"
        _ = Run.of(["/bin/sh", "-c", client], output: folder + "/said")
        let spent = program.processorTime - before
        let said = try String(contentsOfFile: folder + "/said", encoding: .utf8)
        let received = Double(said.filter(\.isNumber)) ?? 0
        return received / max(spent, 0.01)
      }
    }
  }
}
