import Glibc
import PrecallCore
import PrecallNetwork
import PrecallProbes
import Synchronization

/// One run of the checks, from the first line to the report; Ctrl-C ends it and keeps what there is.
struct CheckSession: Sendable {
  let plan: CheckPlan
  let delivery: Delivery
  let isQuiet: Bool

  func run() async throws -> (Report, Measurements) {
    let end = ContinuousClock.now + .seconds(plan.deadline)
    signal(SIGPIPE, SIG_IGN)
    // Before anything is contacted: a file that can't be made must not cost a check.
    let picture = try plan.snapshot.map { try PictureFile($0) }
    // Before the first word, so that a Ctrl-C never finds the command without its ending.
    let signals = await Interruption.signals()
    if !isQuiet {
      let terminal = Terminal.standardError
      let width = terminal.isInteractive ? terminal.width : .max
      for line in Paragraph.lines(plan.announcement, width: width) { terminal.line(line) }
    }
    delivery.event(
      JSONLinesFace.starting(server: plan.server?.host, checks: plan.checks, deadline: plan.deadline))
    let startedAt = Int64(time(nil))
    let display =
      isQuiet ? nil : LiveDisplay(on: .standardError, checks: plan.checks, isGuided: plan.isGuided)
    let (measurements, isComplete) = try await Interruption.bounding(by: signals) {
      try await examine(until: end, display, picture)
    }
    display?.end()
    picture?.finish()
    var report = Report(
      measurements, policy: plan.policy, isComplete: isComplete, startedAt: startedAt, madeBy: Self.madeBy)
    report.calls = measurements.rehearsedCalls(by: plan.policy)
    report.path = measurements.pathFacts
    return (report, measurements)
  }

  /// Runs the checks, with the local server around them where it was asked for.
  private func examine(
    until end: ContinuousClock.Instant, _ display: LiveDisplay?, _ picture: PictureFile?
  ) async throws -> Measurements {
    let observe: @Sendable (CheckEvent) -> Void = { event in
      display?.show(event)
      delivery.event(event)
    }
    guard plan.isLocal, plan.checks.contains(.network) else {
      var measurements = await Examination(
        plan, server: plan.server, snapshot: picture?.snapshot, until: end
      ).run(observe)
      if plan.checks.contains(.network), plan.server == nil { measurements.network = .notMeasured(.noServer) }
      return measurements
    }
    // Kept outside, since ending the server may throw after an interruption.
    let examined = Mutex<Measurements?>(nil)
    do {
      try await LocalServer.with(readyBy: end) { address in
        let measurements = await Examination(
          plan, server: try ServerAddress(address), snapshot: picture?.snapshot, until: end
        ).run(observe)
        examined.withLock { $0 = measurements }
      }
    } catch {
      guard Task.isCancelled else { throw error }
    }
    return examined.withLock { $0 } ?? Measurements(interrupted: plan.checks)
  }

  /// The program and the kind of system, without the name of the computer.
  private static var madeBy: Text {
    var name = utsname()
    guard unsafe uname(&name) == 0 else { return "precall-test \(Product.version)".bytes }
    let release = unsafe withUnsafeBytes(of: name.release) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let machine = unsafe withUnsafeBytes(of: name.machine) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Array("precall-test \(Product.version) (Linux \(release), \(machine))".utf8)
  }
}

extension String {
  fileprivate var bytes: Text { Array(utf8) }
}

extension Measurements {
  /// Nothing measured of `checks`, because the person stopped before they began.
  fileprivate init(interrupted checks: [Check]) {
    self.init()
    if checks.contains(.network) { network = .notMeasured(.interrupted) }
    if checks.contains(.microphone) { microphone = .notMeasured(.interrupted) }
    if checks.contains(.camera) { camera = .notMeasured(.interrupted) }
    if checks.contains(.computer) { computer = .notMeasured(.interrupted) }
  }
}
