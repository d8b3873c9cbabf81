import CV4L2
import Dispatch
import Glibc
import PrecallCore
import PrecallProbes
import Synchronization

/// Why an examination ended, and what it is about.
struct CaptureProblem: Error {
  var failure: CameraFailure
  var subject = ""
}

/// The work of the capture thread: chooses a camera, opens it, and watches it for a while.
struct Capture: Sendable {
  let system: CameraSystem
  let wanted: String?
  let duration: Duration
  /// Where to keep one picture; nothing where nobody asked for one.
  let snapshot: Snapshot?

  /// The camera that a person named.
  func examine(meant wanted: String, _ session: CaptureSession) {
    do {
      examine(try node(meant: wanted, session), session)
    } catch {
      session.end(with: error)
    }
  }

  private func node(meant wanted: String, _ session: CaptureSession) throws(CaptureProblem) -> CameraNode {
    var nodes = system.nodes(meant: wanted)
    if nodes.isEmpty { nodes = cards(called: wanted, session) }
    guard let first = nodes.first else { throw CaptureProblem(failure: .notFound, subject: wanted) }
    guard nodes.count > 1 else { return first }
    // A camera's metadata node has the camera's name too: only those that capture are candidates.
    let answers = nodes.map { node in ask(node, session) { $1.captures } }
    // Where none answers, what keeps the first from it is the same for all.
    if answers.allSatisfy({ $0 == nil }) { return first }
    let cameras = zip(nodes, answers).filter { $1 ?? true }.map(\.0)
    guard cameras.count > 1 else { return cameras.first ?? first }
    let candidates = cameras.map { "\($0.name) (\($0.path))" }.joined(separator: ", ")
    throw CaptureProblem(failure: .ambiguous, subject: candidates)
  }

  /// The nodes whose card has that name, which is what the list of devices shows: the kernel may call them otherwise.
  private func cards(called wanted: String, _ session: CaptureSession) -> [CameraNode] {
    let cards = system.nodes.compactMap { node in
      ask(node, session) {
        CameraNode(path: node.path, number: node.number, name: $1.card, isSoftware: node.isSoftware)
      }
    }
    return CameraNode.called(wanted, among: cards)
  }

  /// What the device of `node` answers; nothing where it can't be opened, does not say who it is, or hangs: it
  /// is not the camera in question, so its own thread waits for it.
  private func ask<Answer: Sendable>(
    _ node: CameraNode, _ session: CaptureSession,
    _ body: @escaping @Sendable (borrowing V4L2Device, V4L2Device.Identity) -> Answer
  ) -> Answer? {
    session.extend()
    let said = Said<Answer>()
    DispatchQueue(label: "camera question").async {
      if let device = try? V4L2Device(path: node.path), let identity = try? device.identify(node) {
        let answer = body(device, identity)
        said.answer.withLock { $0 = answer }
      }
      said.isOver.signal()
    }
    let milliseconds = Int(session.patience / 2 / .milliseconds(1))
    _ = said.isOver.wait(timeout: .now() + .milliseconds(milliseconds))
    return said.answer.withLock { $0 }
  }

  func examine(_ node: CameraNode, _ session: CaptureSession) {
    session.extend()
    // The name that the kernel has for it, in case it does not answer.
    session.update { $0.subject = Text(node.name.utf8) }
    var bus = ""
    do throws(V4L2Error) {
      session.progress(.step("opening the camera"))
      let device = try V4L2Device(path: node.path)
      let identity = try device.identify(node)
      bus = identity.bus
      session.update { $0.subject = Text(identity.card.utf8) }
      if let obstacle = identity.obstacle { throw V4L2Error(obstacle) }
      session.progress(.testing(Text(identity.card.utf8), reason))
      device.adopt()
      try negotiate(device, identity, session)
    } catch {
      var problem = problem(error, node, session)
      if wanted != nil, [.notACamera, .infrared].contains(problem.failure) {
        problem.subject += sibling(of: node, on: bus, session).map { "; the camera is \($0)" } ?? ""
      }
      session.end(with: problem)
    }
  }

  /// The camera for video in the same device: a camera for face login and a node for metadata stand beside one.
  private func sibling(of node: CameraNode, on bus: String, _ session: CaptureSession) -> String? {
    if bus.isEmpty { return nil }
    for other in system.nodes where other.path != node.path {
      let card = ask(other, session) { device, identity in
        let isVideo = identity.bus == bus && identity.captures && device.formats().contains(where: \.isUsable)
        return isVideo ? identity.card : nil
      }
      if let card = card ?? nil { return "\(card) (\(other.path))" }
    }
    return nil
  }

  /// Why this one is watched, for the person.
  private var reason: StaticString {
    wanted == nil ? "the first that can be used" : "as you asked"
  }

  private func problem(
    _ error: V4L2Error, _ node: CameraNode, _ session: CaptureSession
  ) -> CaptureProblem {
    let failure = error.cause ?? error.failure
    switch failure {
    case .busy:
      let holders = DeviceHolder.blocking(node.path, in: system.processRoot)
      return CaptureProblem(failure: failure, subject: holders.joined(separator: ", "))
    case .noPermission:
      let group = DeviceGroup(of: node.path)
      return CaptureProblem(failure: group == nil ? .noRights : failure, subject: group?.name ?? node.name)
    // With the privacy switch on, the switch is what is found, not the error.
    case .deviceError where session.measurement.facts?.privacy != true:
      return CaptureProblem(failure: failure, subject: "\(node.name): error \(error.number)")
    default: return CaptureProblem(failure: failure, subject: node.name)
    }
  }
}

/// What another thread says, and that it has ended.
private final class Said<Answer: Sendable>: Sendable {
  let answer = Mutex<Answer?>(nil)
  let isOver = DispatchSemaphore(value: 0)
}

extension CaptureSession {
  fileprivate func end(with problem: CaptureProblem) {
    update {
      $0.failure = problem.failure
      $0.subject = Text(problem.subject.utf8)
    }
  }
}
