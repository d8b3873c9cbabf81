package import PrecallCore
package import PrecallProbes

/// Looks through a camera for two seconds, in the format that it really sends.
package struct CameraProbe: Probe {
  private let capture: Capture
  private let patience: Duration

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
    guard let session = CaptureSession(patience: patience, progress) else {
      return CameraMeasurement(failure: .noMemory)
    }
    let capture = capture
    return await session.run { capture.run($0) }
  }
}
