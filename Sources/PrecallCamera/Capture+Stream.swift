import CV4L2
import Glibc
import PrecallCore
import PrecallProbes

extension Capture {
  /// Agrees on a mode, then streams it.
  func negotiate(
    _ device: borrowing V4L2Device, _ identity: V4L2Device.Identity, _ session: CaptureSession
  ) throws(V4L2Error) {
    session.extend()
    let formats = device.formats()
    if let obstacle = Self.obstacle(formats, identity) { throw V4L2Error(obstacle) }
    let modes = formats.filter(\.isUsable).flatMap { device.modes(of: $0) }
    session.extend()
    var picture = precall_v4l2_picture()
    // A driver that lists no sizes is asked for what we want in its first usable format.
    let mode = CameraMode.chosen(from: modes)
    picture.format = mode?.format.code ?? formats.first(where: \.isUsable)?.code ?? 0
    picture.width = UInt32(mode?.width ?? 1_280)
    picture.height = UInt32(mode?.height ?? 720)
    try device.set(&picture)
    let format = PixelFormat(code: picture.format)
    guard format.isUsable, picture.width > 0, picture.height > 0 else {
      throw V4L2Error(step: .negotiate, number: EINVAL)
    }
    let asked = mode.map { PictureSize(width: Int64($0.width), height: Int64($0.height)) }
    let answered = PictureSize(width: Int64(picture.width), height: Int64(picture.height))
    let facts = CameraMeasurement.Facts(
      width: answered.width, height: answered.height, rate: device.promise(of: FrameRate(30)),
      format: format.text, driver: identity.kind, privacy: device.privacy,
      slowsInTheDark: device.slowsInTheDark, asked: asked == answered ? nil : asked)
    do {
      try stream(device, picture, facts, session)
    } catch {
      // A loopback sends nothing while no program feeds it.
      throw error.cause == .noFrames && identity.awaitsProducer ? V4L2Error(.virtualIdle) : error
    }
  }

  /// Some cameras tell of their privacy switch only while they stream, and it may have been turned meanwhile.
  private func readPrivacy(_ device: borrowing V4L2Device, _ session: CaptureSession) {
    session.extend()
    guard let privacy = device.privacy else { return }
    session.update { $0.facts?.privacy = privacy }
  }

  /// Why no format is of use to a browser.
  static func obstacle(_ formats: [PixelFormat], _ identity: V4L2Device.Identity) -> CameraFailure? {
    if formats.contains(where: \.isUsable) { return nil }
    if !formats.isEmpty, formats.allSatisfy(\.isRaw) { return .rawSensor }
    if !formats.isEmpty, formats.allSatisfy(\.isInfrared) { return .infrared }
    return formats.isEmpty && identity.awaitsProducer ? .virtualIdle : .noUsableFormat
  }

  private func stream(
    _ device: borrowing V4L2Device, _ picture: precall_v4l2_picture, _ facts: CameraMeasurement.Facts,
    _ session: CaptureSession
  ) throws(V4L2Error) {
    session.extend()
    var buffers = try CaptureBuffers(of: device)
    try buffers.queueAll()
    session.update { $0.facts = facts }
    do {
      try device.start()
      session.progress(.step("watching the picture"))
      try watch(device, &buffers, picture, session)
    } catch {
      // Should the driver hang now, this is why the stream ended all the same.
      session.update { $0.failure = error.cause ?? error.failure }
      readPrivacy(device, session)
      throw error
    }
    readPrivacy(device, session)
  }

  private func watch(
    _ device: borrowing V4L2Device, _ buffers: inout CaptureBuffers, _ picture: precall_v4l2_picture,
    _ session: CaptureSession
  ) throws(V4L2Error) {
    var watch = FrameWatch(duration: duration)
    var analyser = FrameAnalyser(picture)
    while !watch.isOver {
      session.extend()
      switch precall_v4l2_wait(device.descriptor, session.cancelled.descriptor, 100) {
      case Int32(PRECALL_V4L2_CANCELLED.rawValue): return
      case Int32(PRECALL_V4L2_NOTHING.rawValue): break
      default:
        let hadFrame = try buffers.take { bytes, sequence, isMarked in
          let sample = analyser.sample(bytes, at: watch.arrival(), sequence: sequence, isMarked: isMarked)
          watch.saw(isRepeat: sample.isRepeat)
          session.update { $0.frames.append(sample) }
        }
        if hadFrame { session.progress(.done(watch.done)) }
      }
      if watch.needsRestart {
        device.stop()
        try buffers.queueAll()
        try device.start()
        watch.restarted()
      }
      if let failure = watch.failure { throw V4L2Error(failure) }
    }
    if let snapshot { try keep(snapshot, device, &buffers, &analyser, session) }
  }

  /// Waits for one whole picture more, a second at most.
  private func keep(
    _ snapshot: Snapshot, _ device: borrowing V4L2Device, _ buffers: inout CaptureBuffers,
    _ analyser: inout FrameAnalyser, _ session: CaptureSession
  ) throws(V4L2Error) {
    let (width, height) = analyser.size
    let end = ContinuousClock.now + .seconds(1)
    while !snapshot.isTaken, .now < end {
      session.extend()
      switch precall_v4l2_wait(device.descriptor, session.cancelled.descriptor, 100) {
      case Int32(PRECALL_V4L2_CANCELLED.rawValue): return
      case Int32(PRECALL_V4L2_NOTHING.rawValue): break
      default:
        _ = try buffers.take { bytes, _, isMarked in
          guard !isMarked else { return }
          analyser.withPixels(of: bytes) { pixels, layout, stride in
            snapshot.take(pixels, layout, width: width, height: height, stride: stride)
          }
        }
      }
    }
  }
}

/// The time of a stream: when it is over, and when it has been silent for too long.
struct FrameWatch {
  private let start = ContinuousClock.now
  private let duration: Duration
  private var first: ContinuousClock.Instant?
  private var last: ContinuousClock.Instant
  /// When a picture came that was not the one before.
  private var moved: ContinuousClock.Instant?
  private var restart: ContinuousClock.Instant?

  /// Some cameras deliver only after a second start; Chromium does the same after its first timeout.
  static let restartAfter: Duration = .milliseconds(1_500)
  /// After the second start.
  static let noFramesAfter: Duration = .seconds(3)
  static let silentAfter: Duration = .milliseconds(500)
  static let stalledAfter: Duration = .milliseconds(1_500)

  init(duration: Duration) {
    self.duration = duration
    last = start
  }

  /// A frame came: when, counted from the start.
  mutating func arrival() -> Microseconds {
    last = .now
    if first == nil { first = last }
    return Microseconds(base: Int64((last - start) / .microseconds(1)))
  }

  /// A picture that has just stopped, or come to a standstill, must not pass because the time is over: then the
  /// watch goes on until it comes again or counts as stalled or frozen.
  var isOver: Bool {
    first.map { .now - $0 >= duration } ?? false && .now - last < Self.silentAfter && !mayBeFrozen
  }

  private var mayBeFrozen: Bool {
    let still = moved.map { Microseconds(base: Int64((last - $0) / .microseconds(1))) } ?? .zero
    return still > FrameSummary.settling && still < FrameSummary.frozenAfter
  }

  mutating func saw(isRepeat: Bool) {
    if !isRepeat { moved = last }
  }

  var done: Share { first.map { .percent(min(100, (.now - $0) / duration * 100)) } ?? .zero }

  var needsRestart: Bool { first == nil && restart == nil && .now - start >= Self.restartAfter }

  mutating func restarted() { restart = .now }

  var failure: CameraFailure? {
    if first == nil { return restart.map { .now - $0 >= Self.noFramesAfter } ?? false ? .noFrames : nil }
    return .now - last >= Self.stalledAfter ? .stalled : nil
  }
}
