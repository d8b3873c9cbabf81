import PrecallCore

// MARK: Filling the line

extension NetworkSession {
  private static let flows = 3
  /// What one direction may move; at most two of them with the rest stay under 10 MB.
  private static let budget: Int64 = 4_000_000
  /// Queues need this long to show; see the working latency.
  private static let shortest = Moment.Span.milliseconds(800)
  private static let longest = Moment.Span.milliseconds(1_400)
  private static let spacing = Moment.Span.milliseconds(10)
  /// How long the receipts of an upload may take to come.
  private static let longestReceipt = Moment.Span.milliseconds(1_200)

  func runLoad(_ direction: Direction, _ load: Load) {
    let flows = (0..<Self.flows).map { _ in flow(direction) }
    let start = Moment.now
    let deadline = deadline(in: longest)
    for flow in flows {
      flow.limit(to: deadline - start + .milliseconds(2_000))
      multi.add(flow)
    }
    sender?.begin(load)
    spacing = Self.spacing
    var record = TransferRecord(from: start)
    loop(until: deadline) { now in
      record.note(Self.moved(by: flows, direction), at: now)
      return goesOn(record, direction, flows, now - start)
    }
    finish(flows, direction, record)
    spacing = nil
    for flow in flows { multi.remove(flow) }
  }

  /// Slow start on a long path takes more round trips than a short path has time for.
  private var longest: Moment.Span {
    Self.longest + Moment.Span(nanoseconds: min(roundTrip.base * 4, 400_000) * 1_000)
  }

  private var roundTrip: Microseconds { measurement.reach.connect ?? .zero }

  private func flow(_ direction: Direction) -> HTTPExchange {
    let share = Self.budget / Int64(Self.flows)
    guard direction == .down else {
      let bytes = min(share, grant?.limits.upload.base ?? share)
      return exchange("/v1/upload", post: .stream(upTo: Int(bytes)), isLoad: true)
    }
    let bytes = min(share, grant?.limits.download.base ?? share)
    return exchange("/v1/download?bytes=\(bytes)", isLoad: true)
  }

  private static func moved(by flows: [HTTPExchange], _ direction: Direction) -> Int64 {
    flows.reduce(0) { $0 + (direction == .down ? $1.received : $1.acknowledged) }
  }

  /// Until the rate is known or a flow has spent its share of the budget; the first flow to end leaves the line half empty.
  private func goesOn(
    _ record: TransferRecord, _ direction: Direction, _ flows: [HTTPExchange], _ passed: Moment.Span
  ) -> Bool {
    if flows.contains(where: { $0.ended != nil }) { return false }
    guard passed > Self.shortest else { return true }
    let transfer = record.transfer(direction, flows: flows.count)
    return Goodput(of: transfer, roundTrip: roundTrip)?.isAtLeast ?? true
  }

  private func finish(_ flows: [HTTPExchange], _ direction: Direction, _ record: TransferRecord) {
    var transfer = record.transfer(direction, flows: flows.count)
    transfer.counter = direction == .down ? .receiver : .acknowledgements
    let broken = flows.first { $0.ended != nil && $0.failure(to: server) != nil }
    if direction == .up, broken == nil, let told = receipts(of: flows) { transfer = told }
    if !transfer.bins.isEmpty, broken?.status ?? 200 < 300 { measurement.transfers.append(transfer) }
    if let flow = broken ?? flows.first(where: { $0.ended != nil }), let reason = flow.failure(to: server) {
      fail(direction == .down ? .download : .upload, reason, status: flow.status)
    } else if transfer.bins.isEmpty {
      fail(direction == .down ? .download : .upload, .timedOut)
    }
  }

  /// What the server says has arrived, and when; nothing where a receipt does not come in time.
  private func receipts(of flows: [HTTPExchange]) -> Transfer? {
    for flow in flows { flow.finishUpload() }
    loop(until: deadline(in: Self.longestReceipt)) { _ in
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
