/// Looks at pictures one after the other and keeps numbers of them: what a browser does instead of a camera's
/// driver.
package struct FrameTaker: Sendable {
  package private(set) var frames: [FrameSample] = []
  private var fingerprint: UInt64?

  package init() {}

  /// Takes the RGBA picture in `bytes`, which came `time` after the start; nothing of it is kept. One that
  /// is too small for its size is not taken.
  package mutating func take(_ bytes: Span<UInt8>, width: Int, height: Int, at time: Microseconds) {
    guard frames.count < CameraMeasurement.maximumFrames,
      let picture = PictureStatistics(of: bytes, .rgba, width: width, height: height)
    else { return }
    let mark = PictureFingerprint.of(bytes)
    frames.append(FrameSample(arrivedAt: time, isRepeat: mark == fingerprint, picture: picture))
    fingerprint = mark
  }
}
