import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// That the rehearsal ends a call as soon as the line is seen to break under it, and goes no higher: by the lab's
/// own record of the packets.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(2))) struct BackingOffTests {
  /// A packet of the call that broke; times in nanoseconds from the call's first packet.
  private struct Played {
    var sent: Int64
    var isLost: Bool
    /// When its reply was handed to the client.
    var back: Int64?
  }

  private static let millisecond: Int64 = 1_000_000
  /// 10 ms each way.
  private static let roundTrip = 20 * millisecond
  /// A packet counts as due so long after the round trip (`PacketSender.lateness`).
  private static let lateness = 50 * millisecond
  /// Nothing is said of a call before (`CallRehearsal.shortest`).
  private static let shortest = 300 * millisecond
  /// How often the line is looked at (`PacketSender.lookSpacing`), at the next turn of the loop (`NetworkSession.tick`).
  private static let look = (25 + 10) * millisecond
  /// For being woken late: a sender that was held up for longer plays later (`PacketSender.longestLag`).
  private static let delay = 60 * millisecond
  /// A call of 460 ms that nothing ends sends its last packet then.
  private static let wholeCall = 440 * millisecond
  /// Octets of a packet of the idle line, with the headers of UDP and IPv4; only a call's are longer, and two that
  /// ask for the largest that passes.
  private static let single: Int64 = 128
  private static let largest = 2

  /// 450 kbit/s carry a call of 350 and none of 750.
  @Test(arguments: [("up", 150), ("up", 40), ("down", 150)])
  func `a call that loses packets is ended at once, and no higher one begins`(
    direction: String, queue: Int
  ) async throws {
    let (call, later) = try await rehearse(direction, queue)
    let end = try #require(call.last).sent
    let broken = try #require(Self.broken(call), "nothing broke: \(call)")
    let bound = max(broken, Self.shortest) + Self.look + Self.delay
    #expect(bound < Self.wholeCall, "the bound shows something")
    #expect(end <= bound, "ended at \(end), to be seen broken at \(broken)")
    #expect(later.count { $0 > Self.single } <= Self.largest)
  }

  /// Nothing is lost, and replies that tell of the queue come when the call has ended by itself.
  @Test func `a queue that grows lets no higher call begin`() async throws {
    let (call, later) = try await rehearse("up", 1_500)
    #expect(call.count { $0.isLost } == 0)
    #expect(later.count { $0 > Self.single } <= Self.largest)
  }

  /// When those packets that were due by then, each known to be lost by a later one's reply, were more than a call
  /// of video stands (5 %, by the lower end of Wilson's interval); nothing where they never were.
  private static func broken(_ call: [Played]) -> Int64? {
    stride(from: 0, to: 2_000 * millisecond, by: 5 * Int(millisecond)).first { now in
      let due = call.prefix { $0.sent <= Int64(now) - roundTrip - lateness }
      let lost = due.indices.count { index in
        call[index].isLost && call[(index + 1)...].contains { $0.back ?? .max <= now }
      }
      return PacketLoss.wilson(lost, of: due.count).low > .percent(5)
    }.map { Int64($0) }
  }

  /// The last call that was played, and the lengths of all test packets after it.
  private func rehearse(_ direction: String, _ queue: Int) async throws -> (call: [Played], later: [Int64]) {
    let link = """
      {"description":"a test","both":{"delay":{"ms":10,"source":"t"}},\
      "\(direction)":{"rate":{"kbit_s":450,"queue_ms":\(queue),"source":"t"}}}
      """
    return try await Fixtures.withTemporaryFolder { folder in
      try Data(link.utf8).write(to: URL(filePath: folder + "/link.json"))
      let server = "exec '\(Fixtures.program("precall-server"))' --host 10.98.0.1 --port 8080"
      let command = [
        Fixtures.program("precall-test"), "http://10.98.0.1:8080", "--only", "network", "--format", "json",
        "--samples", folder + "/samples",
      ]
      let lab = try await LinkLab(folder + "/link.json", server: server).run(command, keepsPackets: true)
      let samples = try Measurements(json: [UInt8](Data(contentsOf: URL(filePath: folder + "/samples"))))
      guard case .measured(let network) = samples.network,
        let phase = network.packets.phases.last(where: { $0.rate != nil })
      else { throw RigError("no call was played: \(lab.client)") }
      return try Self.split(lab.packets, at: phase.sequences)
    }
  }

  private static func split(
    _ packets: [JSONValue], at sequences: Range<Int>
  ) throws -> (call: [Played], later: [Int64]) {
    let datagrams = packets.filter { $0.string("protocol") == Array("udp".utf8) }
    // Others count the hops.
    let sockets = Dictionary(grouping: datagrams) { $0.integer("client_port") ?? 0 }
    let tests = sockets.values.max { $0.count < $1.count } ?? []
    let up = tests.filter { $0.string("direction") == Array("up".utf8) }
    let down = tests.filter { $0.string("direction") == Array("down".utf8) }
    func number(_ packet: JSONValue) -> Int { packet.integer("test_number").map { Int($0) } ?? -1 }
    func isDelivered(_ packet: JSONValue) -> Bool { packet.string("fate") == Array("delivered".utf8) }
    let replies = Dictionary(down.map { (number($0), $0) }) { first, _ in first }
    let start = try #require(up.first { number($0) == sequences.lowerBound }?.integer("arrived_ns"))
    let call = try up.filter { sequences.contains(number($0)) }.map { packet in
      let reply = replies[number(packet)]
      let isBack = isDelivered(packet) && reply.map(isDelivered) ?? false
      return Played(
        sent: try #require(packet.integer("arrived_ns")) - start, isLost: !isBack,
        back: isBack ? reply?.integer("left_ns").map { $0 - start } : nil)
    }
    return (call, up.filter { number($0) >= sequences.upperBound }.compactMap { $0.integer("length") })
  }
}
