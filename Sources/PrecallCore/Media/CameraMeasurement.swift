/// What the camera check observed: what was negotiated, and each frame as numbers.
package struct CameraMeasurement: Measurement {
  package static var check: Check { .camera }

  package var failure: CameraFailure?
  /// Why a browser did not hand it out.
  package var refusal: BrowserRefusal?
  /// Why the first camera was passed over, where another one was measured in its place.
  package var passedOver: CameraFailure?
  /// The name of the camera that was passed over, and what is in its way, in words for the screen only. Never
  /// written.
  package var passedOverSubject: Text = []
  package var facts: Facts?
  package var frames: [FrameSample]
  package var desktop = DesktopCamera()
  /// What `failure` is about, for the screen only: a camera's, a program's or a group's name, or the
  /// candidates. Never written.
  package var subject: Text

  /// What driver and camera agreed to. No name, serial number or address.
  package struct Facts: Sendable, Equatable {
    package var width: Int64
    package var height: Int64
    /// The rate that the driver promised; nothing where it does not say.
    package var rate: FrameRate?
    /// The four letters of the V4L2 format, as `MJPG`.
    package var format: Text
    package var driver: CameraDriver
    /// The privacy shutter or key; nothing where the camera has none that can be read.
    package var privacy: Bool?
    /// Whether the camera may halve its rate in poor light; nothing where it does not say.
    package var slowsInTheDark: Bool?
    /// The size that the driver lists and was asked for, where it answered with another one.
    package var asked: PictureSize?

    package init(
      width: Int64, height: Int64, rate: FrameRate? = nil, format: Text, driver: CameraDriver,
      privacy: Bool? = nil, slowsInTheDark: Bool? = nil, asked: PictureSize? = nil
    ) {
      self.width = width
      self.height = height
      self.rate = rate
      self.format = format
      self.driver = driver
      self.privacy = privacy
      self.slowsInTheDark = slowsInTheDark
      self.asked = asked
    }
  }

  package init(
    failure: CameraFailure? = nil, passedOver: CameraFailure? = nil, facts: Facts? = nil,
    frames: [FrameSample] = [], subject: Text = []
  ) {
    self.failure = failure
    self.passedOver = passedOver
    self.facts = facts
    self.frames = frames
    self.subject = subject
  }

  /// No more frames than this are kept or read: a minute at 60 a second.
  package static let maximumFrames = 3_600
}

/// Columns and lines.
package struct PictureSize: Sendable, Equatable {
  package var width: Int64
  package var height: Int64

  package init(width: Int64, height: Int64) {
    self.width = width
    self.height = height
  }
}
