package import PrecallCore

extension NetworkProbe {
  /// How far the capacity of the line is followed.
  package enum Depth: Sendable {
    /// Until the line has shown to carry this much; it may then carry more.
    case enough(BitRate)
    /// To saturation, for as long as the rate takes to settle.
    case full
  }
}

/// How a direction of the line is filled, and when that ends.
struct LoadPlan {
  /// One flow each. Those of cubic fill queues as most senders do; those of BBR fill a line that loses packets
  /// at random.
  var flows: [CongestionControl]
  /// Bytes that one direction may move.
  var budget: Int64
  var shortest: Moment.Span
  /// Beside this, connecting, slow start and the windows of the steady part take `trips` round trips, of at most
  /// `longestTrip`.
  var longest: Moment.Span
  var trips: Int64
  var longestTrip: Microseconds { Microseconds(base: enough == nil ? 1_000_000 : 400_000) }
  /// The server ends a transfer after 15 s.
  static let longestOfAll = Moment.Span.milliseconds(14_000)
  /// How long the receipts of an upload may take to come.
  var longestReceipt: Moment.Span
  /// A full measurement whose rate has not settled after this gets more flows, where they may be what limits it.
  static let trial = Moment.Span.milliseconds(2_600)
  /// BBR: the rate of cubic falls with every loss, and lines that lose are those that need more flows.
  static let more = [CongestionControl](repeating: .bbr, count: 6)
  /// A lower bound that is enough; nothing where the line is to be filled.
  var enough: BitRate?
  /// The halves of the steady part differ by no more at the end, and the mean of a full measurement is known as well.
  var tolerance: Share
  /// The kernel counts whole segments, by acknowledgements of two: fewer bytes make no exact figure.
  static let fewestBytes = ByteCount(base: 400_000)
  /// Eight of 200 ms, as the uncertainty of a mean needs.
  static let fewestSpans = 32
  /// Of a line whose delay varies so much that more are wanted, time is taken for them; but not for more than eight
  /// seconds, as the ramp is to come before them.
  static let (unevenSpans, mostSpans) = (64, 160)
  /// So long that a delay that varies by a hundred milliseconds moves little of it.
  static let longSpans = 84

  init(_ depth: NetworkProbe.Depth) {
    switch depth {
    case .enough(let rate): self = Self.brief(until: rate)
    case .full: self = Self.full
    }
  }

  private init(
    flows: [CongestionControl], budget: Int64, from shortest: Int64, to longest: Int64, trips: Int64,
    receipt: Int64, enough: BitRate?, tolerance: Share
  ) {
    self.flows = flows
    self.budget = budget
    self.shortest = .milliseconds(shortest)
    self.longest = .milliseconds(longest)
    self.trips = trips
    longestReceipt = .milliseconds(receipt)
    self.enough = enough
    self.tolerance = tolerance
  }

  /// Those that a direction begins with: in a brief upload Reno stands in for cubic, to show how deep the queue is.
  func flows(_ direction: Direction) -> [CongestionControl] {
    let isBrief = enough != nil
    return isBrief && direction == .up ? flows.map { $0 == .cubic ? .reno : $0 } : flows
  }

  /// Two directions and the packets beside them stay under 10 MB.
  private static func brief(until rate: BitRate) -> LoadPlan {
    LoadPlan(
      flows: [.cubic, .bbr, .cubic], budget: 3_600_000, from: 400, to: 900, trips: 4, receipt: 600,
      enough: rate, tolerance: .percent(5))
  }

  private static var full: LoadPlan {
    LoadPlan(
      flows: [.cubic, .bbr, .bbr, .cubic, .bbr, .bbr], budget: 240_000_000, from: 1_500, to: 6_000,
      trips: 14, receipt: 6_000, enough: nil, tolerance: .percent(3))
  }
}

/// How a TCP flow finds the limit of its line; as the kernel and the server's `/v1/download` name it.
enum CongestionControl: String {
  /// Grows until packets are lost (RFC 9438).
  case cubic
  /// Goes by the rate that was delivered (draft-ietf-ccwg-bbr).
  case bbr
  /// Doubles until packets are lost (RFC 5681), where cubic stops at the first delay (RFC 9406): within a second only
  /// this one shows how deep a queue is.
  case reno
}
