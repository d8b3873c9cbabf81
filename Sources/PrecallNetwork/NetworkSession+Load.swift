import PrecallCore

// MARK: Filling the line

extension NetworkSession {
  /// What comes after the load, beside a round trip.
  private static let rest = Moment.Span.milliseconds(100)

  func runLoad(_ direction: Direction, _ load: Load) {
    let flows = plan.flows.map { flow(direction, $0) }
    let start = Moment.now
    let deadline = deadline(in: longest(direction))
    for flow in flows {
      flow.limit(to: deadline - start + plan.longestReceipt + .milliseconds(1_000))
      multi.add(flow)
    }
    sender?.begin(load)
    spacing = LoadSpacing.first
    let record = fill(direction, flows, from: start, until: deadline)
    spacing = nil
    let isCutOff = isCutOff(record)
    finish(flows, direction, record)
    for flow in flows { multi.remove(flow) }
    blame(direction, isCutOff: isCutOff)
    if measurement.failure == nil, direction == .down { leaveQueue() }
  }

  /// How long a queue may take to drain.
  private static let longestQueue = Moment.Span.milliseconds(450)
  /// A queue of less does no harm to what comes next.
  private static let shortQueue = Microseconds(base: 50_000)

  /// Where the load has filled a queue, waits until its last packets are through: a connection that is made
  /// behind it may lose its first packet, and with it a second.
  private func leaveQueue() {
    guard let sender, hasQueue else { return }
    loop(until: deadline(in: Self.longestQueue), using: false) { !sender.isDrained(at: $0) }
  }

  /// Whether the last reply waited in a queue.
  var hasQueue: Bool {
    guard let sender, let last = sender.run.replies.last else { return false }
    return last.receivedAt - sender.run.sentAt[last.sequence] - roundTrip > Self.shortQueue
  }

  private func fill(
    _ direction: Direction, _ flows: [HTTPExchange], from start: Moment, until deadline: Moment
  ) -> TransferRecord {
    let answeredBefore = sender?.answered ?? 0
    var record = TransferRecord(from: start)
    loop(until: deadline) { now in
      let isFirst = record.bytes == 0
      record.note(Self.moved(by: flows, direction), at: now)
      // While the flows connect, the line is as idle as before.
      if isFirst, record.bytes > 0 { sender?.beginAnew() }
      record.noteBeside(Int64(sender?.answered ?? 0) - Int64(answeredBefore), at: now)
      spacing = LoadSpacing.spacing(beside: record, isBrief: plan.enough != nil)
      return goesOn(record, direction, flows, now - start)
    }
    return record
  }

  /// With the ramp of a long path, as far as the time of the check allows it to this direction and the next.
  private func longest(_ direction: Direction) -> Moment.Span {
    let ramp = min(roundTrip.base * plan.rampTrips, plan.rampTrips * 400_000)
    let whole = plan.longest + Moment.Span(nanoseconds: ramp * 1_000)
    guard plan.enough != nil else { return whole }
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

  private static func moved(by flows: [HTTPExchange], _ direction: Direction) -> Int64 {
    flows.reduce(0) { $0 + $1.arrived(direction) }
  }

  /// Until enough is known or a flow has spent its share of the budget; the first flow to end leaves the
  /// line half empty.
  private func goesOn(
    _ record: TransferRecord, _ direction: Direction, _ flows: [HTTPExchange], _ passed: Moment.Span
  ) -> Bool {
    if flows.contains(where: { $0.ended != nil }) { return false }
    guard passed > plan.shortest else { return true }
    let transfer = record.transfer(direction, flows: flows.count)
    guard let goodput = Goodput(of: transfer, roundTrip: roundTrip) else { return true }
    if let enough = plan.enough, goodput.low >= enough { return false }
    guard let drift = goodput.drift else { return true }
    return drift > plan.tolerance || goodput.bytes < plan.fewestBytes
  }

  private func finish(_ flows: [HTTPExchange], _ direction: Direction, _ record: TransferRecord) {
    var transfer = record.transfer(direction, flows: flows.count)
    transfer.startedAt = time(of: record.start)
    transfer.counter = direction == .down ? .receiver : .acknowledgements
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

  /// After the newest rate of the load; a brief one has to make do with little time.
  static func spacing(beside record: TransferRecord, isBrief: Bool) -> Moment.Span {
    guard let rate = record.newestRate else { return first }
    guard isBrief, rate > .megabits(1) else { return slow }
    return rate > .megabits(50) ? fast : first
  }
}
