import PrecallTestSupport
import Synchronization

/// Two thousand clients wait, each in a room of their own, and are let in one after the other.
enum RoomBenchmark {
  private static let clients = 2_000
  private static let betweenAdmissions = Duration.milliseconds(5)

  static func run() async {
    do {
      let outcome = try await RoomServer.with(core: 0, measure)
      let late = outcome.latencies.sorted()
      let memory = outcome.megabytes
      Figure(name: "\(clients) clients wait: server's memory", values: [memory], limit: 150, unit: "MiB")
        .show()
      let (median, slowest) = (percentile(late, 0.5), percentile(late, 0.99))
      Figure(name: "an admission reaches the client, median", values: [median], unit: "ms").show()
      Figure(name: "an admission reaches the client, p99", values: [slowest], limit: 200, unit: "ms").show()
    } catch {
      print("\(clients) clients wait: \(error)" + Miss.mark(where: true, ": FAILED"))
    }
  }

  private struct Outcome: Sendable {
    var megabytes: Double
    var latencies: [Double]
  }

  private static func measure(_ server: RoomServer) async throws -> Outcome {
    let visits = try await arrange(server)
    let (told, teller) = AsyncStream<(Int, ContinuousClock.Instant?)>.makeStream()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, visit) in visits.enumerated() {
        group.addTask { try await wait(server, visit, index, teller) }
      }
      var events = told.makeAsyncIterator()
      for _ in visits where await events.next() == nil { throw RigError("a client did not arrive") }
      let megabytes = server.program.peakMegabytes ?? .infinity
      let sent = Moments(visits.count)
      group.addTask { try await admit(server, visits, sent) }
      var latencies: [Double] = []
      while latencies.count < visits.count, let (index, moment) = await events.next(), let moment {
        latencies.append((moment - sent[index]) / .milliseconds(1))
      }
      try await group.waitForAll()
      return Outcome(megabytes: max(megabytes, server.program.peakMegabytes ?? 0), latencies: latencies)
    }
  }

  /// When each admission was sent.
  private final class Moments: Sendable {
    private let moments: Mutex<[ContinuousClock.Instant]>

    init(_ count: Int) { moments = Mutex(Array(repeating: .now, count: count)) }

    subscript(index: Int) -> ContinuousClock.Instant {
      get { moments.withLock { $0[index] } }
      set { moments.withLock { $0[index] = newValue } }
    }
  }

  /// Every client has said a name and is ready.
  private static func arrange(_ server: RoomServer) async throws -> [RoomServer.Visit] {
    try await withThrowingTaskGroup(of: [RoomServer.Visit].self) { group in
      for _ in 0..<20 {
        group.addTask {
          var visits: [RoomServer.Visit] = []
          for _ in 0..<(clients / 20) {
            let visit = try await server.arrange()
            try await server.act(visit.client, #"{"do":"name","name":"Ana"}"#)
            try await server.act(visit.client, #"{"do":"ready"}"#)
            visits.append(visit)
          }
          return visits
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// One open page: tells that it is there, and when it hears of its admission.
  private static func wait(
    _ server: RoomServer, _ visit: RoomServer.Visit, _ index: Int,
    _ teller: AsyncStream<(Int, ContinuousClock.Instant?)>.Continuation
  ) async throws {
    var isThere = false
    try await server.follow(visit.client) { part in
      if part.contains(#""stage":"admitted""#) {
        teller.yield((index, .now))
        return false
      }
      if !isThere, part.contains("event: state") {
        isThere = true
        teller.yield((index, nil))
      }
      return true
    }
  }

  private static func admit(
    _ server: RoomServer, _ visits: [RoomServer.Visit], _ sent: Moments
  ) async throws {
    let start = ContinuousClock.now
    for (index, visit) in visits.enumerated() {
      try await Task.sleep(until: start + betweenAdmissions * index)
      sent[index] = .now
      try await server.act(visit.provider, #"{"do":"admit","clients":[1]}"#)
    }
  }

  private static func percentile(_ sorted: [Double], _ share: Double) -> Double {
    sorted.isEmpty ? .infinity : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }
}
