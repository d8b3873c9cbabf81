package import PrecallCore
package import PrecallProbes

/// Looks through a camera for two seconds, in the format that it really sends.
package struct CameraProbe: Probe {
  private let capture: Capture
  private let patience: Duration
  /// After so long without a picture no further camera is tried: each silent one takes four and a half
  /// seconds, one that does not answer `patience`.
  private static let searching: Duration = .seconds(12)

  /// - Parameters:
  ///   - camera: a path, a number or a part of a name; nothing for the first that can be used.
  ///   - duration: how long to watch, from the first frame on.
  ///   - snapshot: takes one picture at the end, for a person who asked for it.
  ///   - patience: how long a driver's call may take before the camera counts as not answering.
  package init(
    camera: String? = nil, system: CameraSystem = CameraSystem(), duration: Duration = .seconds(2),
    snapshot: Snapshot? = nil, patience: Duration = .seconds(4)
  ) {
    capture = Capture(system: system, wanted: camera, duration: duration, snapshot: snapshot)
    self.patience = patience
  }

  package func measure(_ progress: @escaping @Sendable (Progress) -> Void) async -> CameraMeasurement {
    progress(.step("looking for a camera"))
    async let desktop = DesktopCameraQuery.answer()
    var measurement: CameraMeasurement
    if let wanted = capture.wanted {
      measurement = await session(progress) { capture.examine(meant: wanted, $0) }
    } else {
      measurement = await firstUsable(progress)
    }
    if capture.system.isSandboxed, let failure = measurement.failure, mayBeSandbox(failure) {
      measurement.failure = .sandboxed
    }
    measurement.desktop = await desktop
    return measurement
  }

  /// The first camera that sends a picture; one that sends none does not stand for the others, whatever its
  /// trouble. Where none sends any, the one that most likely was meant.
  private func firstUsable(_ progress: @escaping @Sendable (Progress) -> Void) async -> CameraMeasurement {
    let nodes = capture.system.nodes
    if nodes.isEmpty { return CameraMeasurement(failure: .noCamera) }
    let end = ContinuousClock.now + Self.searching
    var passedOver: (node: CameraNode, measurement: CameraMeasurement)?
    for node in nodes where !Task.isCancelled && ContinuousClock.now < end {
      var measurement = await session(progress) { capture.examine(node, $0) }
      guard let failure = measurement.failure, measurement.frames.isEmpty else {
        measurement.passedOver = passedOver?.measurement.failure
        measurement.passedOverSubject = passedOver.map { Self.words(for: $0.node, $0.measurement) } ?? []
        return measurement
      }
      let isLikelier = passedOver?.measurement.failure?.isSecondary ?? true
      if failure != .notACamera, isLikelier && !failure.isSecondary || passedOver == nil {
        passedOver = (node, measurement)
      }
    }
    return passedOver?.measurement ?? CameraMeasurement(failure: .noCaptureNode)
  }

  /// A sandbox hides the nodes, or the list of them; a list that can be read and is empty is the computer's.
  private func mayBeSandbox(_ failure: CameraFailure) -> Bool {
    switch failure {
    case .noPermission, .noRights, .gone: true
    case .noCamera: capture.system.isListRefused
    default: false
    }
  }

  /// Which camera was passed over and why, as `HD Camera: another program is using the camera; zoom (123)`.
  private static func words(for node: CameraNode, _ measurement: CameraMeasurement) -> Text {
    guard let failure = measurement.failure, let obstacle = measurement.obstacle else { return [] }
    var words = "\(node.name): \(obstacle.clause)"
    if failure == .busy, !measurement.subject.isEmpty {
      words += "; " + String(decoding: measurement.subject, as: UTF8.self)
    }
    return Text(words.utf8)
  }

  /// Each camera has its own thread: a driver that hangs keeps that one.
  private func session(
    _ progress: @escaping @Sendable (Progress) -> Void, _ work: @escaping @Sendable (CaptureSession) -> Void
  ) async -> CameraMeasurement {
    guard let session = CaptureSession(patience: patience, progress) else {
      return CameraMeasurement(failure: .noMemory)
    }
    return await session.run(work)
  }
}

extension CameraFailure {
  /// What a person has beside the camera that is meant: a node that is no ordinary camera.
  fileprivate var isSecondary: Bool { [.virtualIdle, .infrared, .rawSensor].contains(self) }
}
