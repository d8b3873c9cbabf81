import Dispatch
package import PrecallCore
import Synchronization

/// What `precall-test devices` shows of a video node.
package struct CameraDescription: Sendable {
  package enum State: Sendable, Equatable {
    case camera
    /// It can't be opened or asked, or a check would pass it over.
    case failed(CameraFailure)
  }

  package var node: CameraNode
  package var state: State
  package var card = ""
  package var bus = ""
  package var driver: CameraDriver = .other
  package var modes: [CameraMode] = []
  /// The programs that have it open, as `name (process)`.
  package var holders: [String] = []
}

package enum Cameras {
  /// Every camera, also those that can't be used; nodes that are no cameras are left out. Each node is
  /// asked for itself on its own thread, for `patience` at most.
  package static func list(
    _ system: CameraSystem = CameraSystem(), patience: Duration = .seconds(2)
  ) async -> [CameraDescription] {
    let found = await withTaskGroup(of: CameraDescription.self) { group in
      for node in system.nodes {
        group.addTask { await answer(within: patience, of: node) { describe(node, system) } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return found.filter { $0.state != .failed(.notACamera) }.sorted { $0.node.number < $1.node.number }
  }

  private static func describe(_ node: CameraNode, _ system: CameraSystem) -> CameraDescription {
    var description = CameraDescription(node: node, state: .camera)
    do throws(V4L2Error) {
      let device = try V4L2Device(path: node.path)
      let identity = try device.identify(node)
      (description.card, description.bus) = (identity.card, identity.bus)
      description.driver = identity.kind
      let formats = identity.captures ? device.formats() : []
      description.modes = formats.flatMap { device.modes(of: $0) }
      if let obstacle = identity.obstacle ?? Capture.obstacle(formats, identity) { throw V4L2Error(obstacle) }
    } catch {
      description.state = .failed(error.cause ?? error.failure)
    }
    description.holders = DeviceHolder.using(node.path, in: system.processRoot)
    return description
  }

  /// What `ask` says, or that the driver does not answer; a hung call ends by itself or never.
  private static func answer(
    within patience: Duration, of node: CameraNode, _ ask: @escaping @Sendable () -> CameraDescription
  ) async -> CameraDescription {
    await withCheckedContinuation { continuation in
      let answer = FirstAnswer(continuation)
      DispatchQueue(label: "camera list").async { answer.give(ask()) }
      let milliseconds = Int(patience / .milliseconds(1))
      DispatchQueue(label: "camera clock").asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
        answer.give(CameraDescription(node: node, state: .failed(.noAnswer)))
      }
    }
  }
}

/// Takes the first of two answers; the later one is dropped.
private final class FirstAnswer: Sendable {
  private let continuation: Mutex<CheckedContinuation<CameraDescription, Never>?>

  init(_ continuation: CheckedContinuation<CameraDescription, Never>) {
    self.continuation = Mutex(continuation)
  }

  func give(_ description: CameraDescription) {
    continuation.withLock { waiting in
      waiting?.resume(returning: description)
      waiting = nil
    }
  }
}
