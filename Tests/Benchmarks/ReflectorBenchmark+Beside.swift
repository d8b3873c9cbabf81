import FoundationEssentials
import Glibc
import PrecallCore
import PrecallTestSupport

/// What downloads add to a reflected packet's round trip in the server: nothing of the line's, since there is none.
extension ReflectorBenchmark {
  private static let downloads = 32
  private static let packets = 600

  /// The 95th percentile beside 32 downloads over TLS less the one without, in ms. The server has a core, the clients
  /// have the other one, and the packets' sender goes before them.
  static func besideDownloads() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let authority = try CertificateAuthority(in: folder)
      let arguments = [
        Fixtures.program("precall-server"), "--port", "0", "--udp-port", "0", "--end-with-stdin",
        "--max-tests-per-address", "64", "--tls-cert", authority.certificate, "--tls-key", authority.key,
      ]
      let added = try await PinnedProgram.with(core: 0, arguments) { program in
        let json = try JSONReader.read(program.greeting)
        guard let port = json["http_port"]?.integer else { throw RigError("no port") }
        let origin = "https://127.0.0.1:\(port)"
        let grant = try ticket(origin, authority, folder)
        let alone = try slowest(grant)
        let (first, last) = try await PinnedProgram.with(core: 1, load(origin, authority)) { _ in
          // The flows begin; then all of them run.
          usleep(1_000_000)
          return (try slowest(grant), program.processorTime)
        }
        guard last > 0.5 else { throw RigError("the downloads did not run") }
        return first - alone
      }
      Figure(
        name: "reflector beside \(downloads) TLS downloads, p95 more", values: [added], limit: 1, unit: "ms"
      ).show()
    }
  }

  private static func ticket(
    _ origin: String, _ authority: CertificateAuthority, _ folder: String
  ) throws -> TicketGrant {
    let said = folder + "/ticket"
    let client = ["/usr/bin/curl", "-s", "-X", "POST", "--cacert", authority.root, origin + "/v1/tickets"]
    guard Run.of(client, output: said)?.status == 0, let bytes = try? Data(contentsOf: URL(filePath: said))
    else { throw RigError("no ticket") }
    return try TicketGrant(json: try JSONReader.read(Text(bytes)))
  }

  /// Says a word first, since the runner waits for one, and lasts until it is killed.
  private static func load(_ origin: String, _ authority: CertificateAuthority) -> [String] {
    let one = "\(origin)/v1/download?bytes=900000000"
    let all = (0..<downloads).map { _ in "-o /dev/null '\(one)'" }.joined(separator: " ")
    return [
      "/bin/sh", "-c",
      "echo; exec curl -s --parallel --parallel-immediate --parallel-max \(downloads) --cacert '\(authority.root)' \(all)",
    ]
  }

  /// The 95th percentile of the round trips of packets, one every 3 ms, in ms.
  private static func slowest(_ grant: TicketGrant) throws -> Double {
    let socket = try LoopbackPort.connected("127.0.0.1", grant.udpPort, SOCK_DGRAM)
    defer { close(socket) }
    let before = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -10)
    defer { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, before) }
    var room = [UInt8](repeating: 0, count: 2_048)
    var times: [Double] = []
    for sequence in 0..<packets {
      let packet = STAMPSenderPacket(
        sequence: UInt32(sequence), timestamp: NTPTimestamp(bits: UInt64(sequence)),
        errorEstimate: ErrorEstimate(bits: 1), sessionID: grant.sessionID, ticket: grant.ticket
      ).encode(paddedTo: 100)
      let start = Run.now()
      _ = send(socket, packet, packet.count, 0)
      var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      if poll(&ready, 1, 200) > 0, recv(socket, &room, room.count, 0) > 0 {
        times.append((Run.now() - start) * 1_000)
      }
      usleep(3_000)
    }
    guard times.count > packets * 9 / 10 else { throw RigError("\(times.count) of \(packets) answered") }
    return times.sorted()[times.count * 95 / 100]
  }
}
