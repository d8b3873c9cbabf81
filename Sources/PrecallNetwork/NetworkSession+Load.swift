import PrecallCore

// MARK: Filling the line

extension NetworkSession {
  /// What comes after the load, beside a round trip.
  private static let rest = Moment.Span.milliseconds(100)

  func runLoad(_ direction: Direction, _ load: Load) {
    if isFull { leaveQueue() }
    let start = Moment.now
    let deadline = deadline(in: longest(direction))
    var flows = begin(firstFlows(direction), direction, until: deadline)
    sender?.begin(load)
    spacing = LoadSpacing.first
    var record = TransferRecord(
      direction, from: start, beside: sender?.answered ?? 0, breaksAfter: isFull ? longestBreak : nil)
    fill(direction, flows, &record, until: isFull ? min(deadline, start + LoadPlan.trial) : deadline)
    if isFull, wantsMore(record), goesOn(record, direction, flows) {
      flows += begin(LoadPlan.more, direction, until: deadline)
      record.beginAnew(at: Moment.now)
    }
    let latest = min(end, start + LoadPlan.longestOfAll)
    if isFull {
      pathThinning = LoadSpacing.pathThinning(beside: record)
      // Where packets are few, or come unevenly, only many seconds make a mean that is sure.
      let isHard = LoadSpacing.isSlow(record) || fewestSpans > LoadPlan.unevenSpans
      fill(direction, flows, &record, until: isHard ? latest : deadline)
    }
    if record.isBroken { fill(direction, flows, &record, until: latest) }
    (spacing, pathThinning) = (nil, 1)
    let isCutOff = isCutOff(record)
    finish(flows, direction, record)
    for flow in flows { multi.remove(flow) }
    blame(direction, isCutOff: isCutOff)
    if measurement.failure == nil, direction == .down { leaveQueue() }
  }

  /// Whether the line is followed to saturation.
  var isFull: Bool { plan.enough == nil }

  /// When nothing comes for longer, the line is away.
  private var longestBreak: Moment.Span {
    max(.milliseconds(600), 2 * Moment.Span(roundTrip))
  }

  private func begin(
    _ controls: [CongestionControl], _ direction: Direction, until deadline: Moment
  ) -> [HTTPExchange] {
    let flows = controls.map { flow(direction, $0) }
    for flow in flows {
      let most = isFull ? LoadPlan.longestOfAll : deadline - Moment.now
      flow.limit(to: most + plan.longestReceipt + .milliseconds(1_000))
      multi.add(flow)
    }
    return flows
  }

  /// As many as a line can take that queued a call of some rate, or carried no more down: each begins with ten
  /// segments (RFC 6928), which must not wait so long together that they are sent again, after a second (RFC 6298).
  private func firstFlows(_ direction: Direction) -> [CongestionControl] {
    guard isFull, let run = sender?.run else { return plan.flows(direction) }
    var rates: [BitRate] = []
    if let step = CallRehearsal(of: run, PacketFates(of: run))?.broken, step.outcome == .queue(direction) {
      rates = [step.phase.rate].compactMap { $0 }
    }
    if direction == .up, let down = measurement.transfer(.down) {
      rates += [Goodput(of: down, roundTrip: roundTrip)?.rate].compactMap { $0 }
    }
    return rates.min().map { Array(plan.flows.prefix(max(2, Int($0.base / 120_000)))) } ?? plan.flows
  }

  /// Whether flows may be what limits a rate that has not settled, losses or long swings of the delay keeping each of
  /// them short. (FastBTS, NSDI 2021, and fast.com add flows as well.) A slow line would only get a longer queue,
  /// and on a long path new flows need too long to find their share.
  private func wantsMore(_ record: TransferRecord) -> Bool {
    let isSlow = record.newestRate.map { $0 < .megabits(5) } ?? true
    return !isSlow && roundTrip < .milliseconds(200)
  }

  /// How long a queue may take to drain; with time enough, one of seconds.
  private var longestQueue: Moment.Span {
    guard isFull, let last = lastTrip else { return .milliseconds(450) }
    return Moment.Span(nanoseconds: min(last.base, 4_000_000) * 1_250)
  }
  /// A queue of less does no harm to what comes next.
  private static let shortQueue = Microseconds(base: 50_000)

  /// Where the load has filled a queue, waits until its last packets are through: a connection that is made
  /// behind it may lose its first packet, and with it a second.
  private func leaveQueue() {
    guard let sender, hasQueue else { return }
    loop(until: deadline(in: longestQueue), using: false) { !sender.isDrained(at: $0) }
  }

  /// Whether the last reply waited in a queue.
  var hasQueue: Bool { lastTrip.map { $0 - roundTrip > Self.shortQueue } ?? false }

  private var lastTrip: Microseconds? {
    guard let sender, let last = sender.run.replies.last else { return nil }
    return last.receivedAt - sender.run.sentAt[last.sequence]
  }

  private func fill(
    _ direction: Direction, _ flows: [HTTPExchange], _ record: inout TransferRecord, until deadline: Moment
  ) {
    loop(until: deadline) { now in
      let isFirst = !record.hasMoved
      record.note(flows.reduce(0) { $0 + $1.arrived(direction) }, at: now)
      // While the flows connect, the line is as idle as before.
      if isFirst, record.hasMoved { sender?.beginAnew() }
      record.noteBeside(sender?.answered ?? 0, at: now)
      spacing = LoadSpacing.spacing(beside: record, isBrief: !isFull)
      return goesOn(record, direction, flows)
    }
  }

  /// With the ramp of a long path; of a brief check as far as its time allows to this direction and the next.
  private func longest(_ direction: Direction) -> Moment.Span {
    let trip = min(roundTrip, plan.longestTrip)
    let whole = plan.longest + plan.trips * Moment.Span(trip)
    guard !isFull else { return min(whole, LoadPlan.longestOfAll) }
    let loads: Int64 = direction == .down ? 2 : 1
    let share = (timeLeft.nanoseconds - roundTrip.base * 1_000 - Self.rest.nanoseconds) / loads
    return max(plan.longest, min(whole, Moment.Span(nanoseconds: share)))
  }

  /// Of the time that a check should take at most, with a satellite's round trips and without.
  var timeLeft: Moment.Span {
    let isFar = roundTrip > Microseconds(base: 400_000)
    return started + (isFar ? .milliseconds(9_400) : .milliseconds(7_300)) - Moment.now
  }

  /// Says why the load was cut off, where it was. What was sent to a server that then said nothing went into its kernel's
  /// buffers, which makes no rate.
  private func blame(_ direction: Direction, isCutOff: Bool) {
    guard mayGoOn || measurement.failure?.reason == .timedOut else { return }
    // Packets come back all the while: a line that may be too slow for a figure, not a lost one.
    guard isCutOff else { return measurement.failure = nil }
    let asked = Moment.now
    let cause = causeOfSilence()
    // A slow line is not a lost one, nor its server silent: packets that were on their way come in meanwhile.
    if [nil, .timedOut, .silent].contains(cause), isHeard(since: asked) {
      return measurement.failure = nil
    }
    guard let cause else { return }
    if direction == .up, cause != .timedOut { measurement.transfers.removeAll { $0.direction == .up } }
    measurement.failure = nil
    fail(direction == .down ? .download : .upload, cause)
  }

  private func flow(_ direction: Direction, _ congestion: CongestionControl) -> HTTPExchange {
    let share = plan.budget / Int64(plan.flows.count)
    guard direction == .down else {
      let bytes = min(share, grant?.limits.upload.base ?? share)
      return exchange("/v1/upload", post: .stream(upTo: Int(bytes)), load: congestion)
    }
    let bytes = min(share, grant?.limits.download.base ?? share)
    return exchange("/v1/download?bytes=\(bytes)&congestion=\(congestion.rawValue)", load: congestion)
  }

  /// Until enough is known or a flow has spent its share of the budget; the first flow to end leaves the
  /// line half empty.
  private func goesOn(
    _ record: TransferRecord, _ direction: Direction, _ flows: [HTTPExchange]
  ) -> Bool {
    if flows.contains(where: { $0.ended != nil }) { return false }
    guard Moment.now - record.start > plan.shortest else { return true }
    let transfer = record.transfer(flows: flows.count)
    let load: Load = direction == .down ? .download : .upload
    if isFull { return settled(transfer) == nil || isQueueGrowing(load) }
    guard let goodput = Goodput(of: transfer, roundTrip: roundTrip) else { return true }
    let isKnown =
      plan.enough.map { goodput.low >= $0 } ?? false || goodput.drift.map { $0 <= plan.tolerance } ?? false
    return !isKnown || isQueueGrowing(load)
  }

  /// Whether the delay still rises: how far a long queue fills is known only when it does no longer.
  private func isQueueGrowing(_ load: Load) -> Bool {
    guard let run = sender?.run, let idle else { return false }
    return WorkingLatency(of: run, under: load, idle: idle)?.isRising ?? false
  }

  private func finish(_ flows: [HTTPExchange], _ direction: Direction, _ record: TransferRecord) {
    var transfer = record.transfer(flows: flows.count)
    transfer.startedAt = time(of: record.start)
    transfer.counter = direction == .down ? .receiver : .acknowledgements
    if isFull { transfer = lowerEnd(settled(transfer) ?? surest(transfer) ?? late(transfer) ?? transfer) }
    let broken = flows.first { $0.ended != nil && $0.failure(to: server) != nil }
    // What a proxy has acknowledged has not reached the server.
    if direction == .up, broken == nil, measurement.reach.isProxied, let told = receipts(of: flows) {
      transfer = told.adding(record.beside)
      transfer.startedAt = time(of: record.start)
    }
    // The kernel counts a connection's end as a byte, also of one that was closed without an answer.
    let isAnswered = direction == .up || flows.contains { $0.status > 0 }
    if !transfer.bins.isEmpty, isAnswered, broken?.status ?? 200 < 300 {
      measurement.transfers.append(transfer)
    }
    if let flow = broken ?? flows.first(where: { $0.ended != nil }), let reason = flow.failure(to: server) {
      fail(direction == .down ? .download : .upload, reason, status: flow.status)
    } else if transfer.bins.isEmpty {
      fail(direction == .down ? .download : .upload, .timedOut)
    }
  }

  /// The steady part of a full measurement, where its mean is known well enough: the newest spans, which a ramp
  /// before them no longer bends, or else all that is steady.
  private func settled(_ transfer: Transfer) -> Transfer? {
    let fewest = fewestSpans
    return [transfer.tail(fewest), transfer].compactMap { $0 }.first {
      $0.bins.count >= fewest && doubt($0).map { $0 <= plan.tolerance } ?? false
    }
  }

  /// So many that what a varying delay moves into them is at most half of what their mean may be uncertain by.
  private var fewestSpans: Int {
    let spans = Int(idleVariation / (plan.tolerance.fraction / 2) / Double(Transfer.binWidth.base))
    return max(LoadPlan.fewestSpans, 8 * spansOfTrip, min(spans, LoadPlan.mostSpans))
  }

  /// By how much the idle line's delay varies, in microseconds.
  private var idleVariation: Double { idle.map { Double(($0.p95 - $0.minimum).base) } ?? 0 }

  private var spansOfTrip: Int {
    Int((roundTrip.base + Transfer.binWidth.base - 1) / Transfer.binWidth.base)
  }

  /// How uncertain the mean of its steady part is, by its halves and its batches; nothing where there is none, or
  /// too little for an exact figure.
  private func doubt(_ transfer: Transfer) -> Share? {
    guard let steady = Goodput(of: transfer, roundTrip: roundTrip), steady.bytes >= LoadPlan.fewestBytes,
      let drift = steady.drift, let doubt = steady.uncertainty(in: transfer, roundTrip: roundTrip)
    else { return nil }
    return max(drift, doubt)
  }

  /// Of a rate that did not settle, as on a line that goes away again and again: the few seconds that show the highest
  /// rate for sure. A stall in them, or what comes at once after one, makes their mean uncertain.
  private func surest(_ transfer: Transfer) -> Transfer? {
    let parts = transfer.parts(of: max(LoadPlan.longSpans, 16 * spansOfTrip)).compactMap { part in
      doubt(part).map { (part: part, low: Double(part.bins.reduce(0, +)) * (1 - $0.fraction)) }
    }
    return parts.max { $0.low < $1.low }?.part
  }

  /// Of a line too slow for either: what is left without its ramp, where that makes a figure still.
  private func late(_ transfer: Transfer) -> Transfer? {
    transfer.withoutRamp.flatMap { late in
      Goodput(of: late, roundTrip: roundTrip).flatMap { $0.isAtLeast ? nil : late }
    }
  }

  /// The lower end of what the steady part may mean, since a full measurement must not say more than the line
  /// carries. Its edges may add this much: counts are looked at every few milliseconds; of what is received a segment
  /// of which a part had passed before, and one that was late then; and what a delay that varies moves into it
  /// (seldom all of it, so of long swings not more than half of what the mean may be uncertain by).
  private func lowerEnd(_ transfer: Transfer) -> Transfer {
    guard let steady = Goodput(of: transfer, roundTrip: roundTrip), !steady.isAtLeast else { return transfer }
    let length = Double(Int64(steady.spans) * Transfer.binWidth.base)
    let time = Double(Self.tick * 1_000) / length
    let segments = transfer.direction == .down ? 2 * 1_448 / Double(max(steady.bytes.base, 100_000)) : 0
    return transfer.without(time + segments + min(idleVariation / length, plan.tolerance.fraction / 2))
  }

  /// What the server says has arrived, and when; nothing where a receipt does not come in time.
  private func receipts(of flows: [HTTPExchange]) -> Transfer? {
    for flow in flows { flow.finishUpload() }
    loop(until: deadline(in: plan.longestReceipt)) { _ in
      flows.contains { $0.ended == nil }
    }
    var merged = ReceiptRecord()
    for flow in flows {
      guard flow.ended != nil, flow.failure(to: server) == nil, let json = try? JSONReader.read(flow.body),
        let receipt = try? UploadReceipt(json: json), merged.add(receipt, startingAt: flow.requestedAt)
      else { return nil }
    }
    return merged.transfer(flows: flows.count)
  }
}

/// How often packets leave beside a load: often enough for a percentile, never much of either direction.
enum LoadSpacing {
  static let first = Moment.Span.milliseconds(10)
  private static let fast = Moment.Span.milliseconds(5)
  /// 50 kbit/s: acknowledgements need the slow direction of an uneven line as well.
  private static let slow = Moment.Span.milliseconds(25)
  /// Half of that, where there is time.
  private static let slowest = Moment.Span.milliseconds(50)

  /// Beside a full load one packet of the path's probes leaves instead of so many as usual: of a
  /// line of 200 kbit/s all would take a tenth, a fifth of them 2 %.
  static func pathThinning(beside record: TransferRecord) -> Int64 {
    isSlow(record) ? 15 : 5
  }

  /// Whether the load came to less than 1 Mbit/s of late.
  static func isSlow(_ record: TransferRecord) -> Bool {
    record.newestRate.map { $0 < .megabits(1) } ?? false
  }

  /// After the newest rate of the load; a brief one has to make do with little time.
  static func spacing(beside record: TransferRecord, isBrief: Bool) -> Moment.Span {
    guard let rate = record.newestRate else { return first }
    guard isBrief else { return slowest }
    guard rate > .megabits(1) else { return slow }
    return rate > .megabits(50) ? fast : first
  }
}
