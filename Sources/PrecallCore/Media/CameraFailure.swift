/// Why a camera gave no pictures, or no more of them.
package enum CameraFailure: Int, Sendable, CaseIterable {
  case noCamera, noCaptureNode, noPermission, noRights, sandboxed, busy, notACamera, notFound, ambiguous
  case noUsableFormat, rawSensor, infrared, virtualIdle, cannotNegotiate
  case noBandwidth, usbError, noMemory, deviceError
  case noFrames, stalled, unplugged, gone, noAnswer

  package var name: StaticString {
    switch self {
    case .noCamera: "no-camera"
    case .noCaptureNode: "no-capture-node"
    case .noPermission: "no-permission"
    case .noRights: "no-rights"
    case .sandboxed: "sandboxed"
    case .busy: "busy"
    case .notACamera: "not-a-camera"
    case .notFound: "not-found"
    case .ambiguous: "ambiguous"
    case .noUsableFormat: "no-usable-format"
    case .rawSensor: "raw-sensor"
    case .infrared: "infrared"
    case .virtualIdle: "virtual-idle"
    case .cannotNegotiate: "cannot-negotiate"
    case .noBandwidth: "no-bandwidth"
    case .usbError: "usb-error"
    case .noMemory: "no-memory"
    case .deviceError: "device-error"
    case .noFrames: "no-frames"
    case .stalled: "stalled"
    case .unplugged: "unplugged"
    case .gone: "gone"
    case .noAnswer: "no-answer"
    }
  }
}

/// What stands behind a camera.
package enum CameraDriver: Int, Sendable, CaseIterable {
  case usb
  /// Another program makes the pictures: v4l2loopback, OBS.
  case virtual
  /// An image processor whose sensors need libcamera (Intel IPU6 and IPU7).
  case imageProcessor
  case browser
  case other

  package var name: StaticString {
    switch self {
    case .usb: "usb"
    case .virtual: "virtual"
    case .imageProcessor: "image-processor"
    case .browser: "browser"
    case .other: "other"
    }
  }
}
