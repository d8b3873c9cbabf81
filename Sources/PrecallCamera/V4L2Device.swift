import CV4L2
import Glibc
import PrecallCore

/// An error number that the kernel gave, and the step that it came from.
struct V4L2Error: Error, Sendable {
  enum Step: Sendable { case open, identify, negotiate, allocate, start, stream }
  var step: Step
  var number: Int32
  /// What is known without an error number.
  var cause: CameraFailure?

  init(step: Step, number: Int32) {
    self.step = step
    self.number = number
  }

  init(_ cause: CameraFailure) {
    self.init(step: .stream, number: 0)
    self.cause = cause
  }

  /// The cause that the number stands for at that step.
  var failure: CameraFailure {
    switch number {
    case EACCES, EPERM: .noPermission
    case EBUSY: .busy
    case ENODEV, ENXIO, ENOENT: step == .stream ? .unplugged : .gone
    case ENOSPC: .noBandwidth
    // While a stream runs, uvcvideo marks what the cable spoils; a driver that says EIO has given up.
    case EIO where step == .stream: .deviceError
    case EPROTO, EIO, EPIPE, EILSEQ, ETIMEDOUT, EOVERFLOW: .usbError
    case ENOMEM: .noMemory
    case EISDIR: .notACamera
    case ENOTTY where step == .identify, EINVAL where step == .identify: .notACamera
    case EINVAL where step == .negotiate: .cannotNegotiate
    default: .deviceError
    }
  }
}

/// An open video node; closing it ends its stream and frees its buffers.
@safe struct V4L2Device: ~Copyable {
  let descriptor: Int32

  init(path: String) throws(V4L2Error) {
    let result = unsafe precall_v4l2_open(path)
    guard result >= 0 else { throw V4L2Error(step: .open, number: -result) }
    descriptor = result
  }

  deinit { precall_v4l2_close(descriptor) }

  /// Who it is; the device must be the one of `node`.
  func identify(_ node: CameraNode) throws(V4L2Error) -> Identity {
    var answer = precall_v4l2_identity()
    try check(unsafe precall_v4l2_identify(descriptor, &answer), .identify)
    return Identity(answer, hasHardware: !node.isSoftware)
  }

  /// Lets libv4l2 serve the device. It asks the driver things, so the driver must have answered once.
  func adopt() { precall_v4l2_adopt(descriptor) }

  func set(_ picture: inout precall_v4l2_picture) throws(V4L2Error) {
    try check(unsafe precall_v4l2_set_picture(descriptor, &picture), .negotiate)
  }

  /// The rate that the driver promises when asked for `rate`; nothing where it does not say.
  func promise(of rate: FrameRate) -> FrameRate? {
    var answer = rate.base
    let result = unsafe precall_v4l2_set_rate(descriptor, &answer)
    return result == 0 && answer > 0 ? FrameRate(base: answer) : nil
  }

  /// The privacy shutter or key; nothing where the camera has none that can be read.
  var privacy: Bool? { Self.flag(precall_v4l2_privacy(descriptor)) }
  /// Whether the camera may lower its rate to expose longer.
  var slowsInTheDark: Bool? { Self.flag(precall_v4l2_exposure_priority(descriptor)) }

  private static func flag(_ result: Int32) -> Bool? { result < 0 ? nil : result > 0 }

  func start() throws(V4L2Error) { try check(precall_v4l2_start(descriptor), .start) }
  func stop() { _ = precall_v4l2_stop(descriptor) }

  func check(_ result: Int32, _ step: V4L2Error.Step) throws(V4L2Error) {
    if result < 0 { throw V4L2Error(step: step, number: -result) }
  }
}

extension V4L2Device {
  /// What the driver says of its device.
  struct Identity: Sendable {
    var driver: String
    var card: String
    var bus: String
    var captures: Bool
    /// Its way from the sensor must be laid through the media controller before it streams.
    var needsPipeline: Bool
    /// Its pictures come in planes of memory of their own; browsers pass such a camera over (Chromium).
    var isMultiPlanar: Bool
    /// A bus or a platform has it, as far as the kernel tells.
    var hasHardware: Bool

    init(_ answer: precall_v4l2_identity, hasHardware: Bool) {
      driver = Self.text(answer.driver)
      card = Self.text(answer.card)
      bus = Self.text(answer.bus)
      captures = answer.captures
      needsPipeline = answer.needs_pipeline
      isMultiPlanar = answer.multi_planar
      self.hasHardware = hasHardware
    }

    private static func text<Field>(_ field: Field) -> String {
      unsafe withUnsafeBytes(of: field) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }

    /// v4l2loopback, whatever a fork of it calls itself: DroidCam's is "Droidcam".
    var isLoopback: Bool {
      let name = driver.lowercased()
      return name.contains("loopback") || name.contains("droidcam") || bus.hasPrefix("platform:v4l2loopback")
    }
    /// Its pictures come from another program.
    var awaitsProducer: Bool { isLoopback || driver.lowercased() == "akvcam" || !hasHardware }

    /// Why it gives programs no pictures.
    var obstacle: CameraFailure? {
      // A loopback shows no capture side while nobody feeds it (exclusive_caps), and neither side once a
      // producer has left.
      if !captures { return isLoopback ? .virtualIdle : .notACamera }
      // Its nodes list formats that can't be had: only a program that lays the way from the sensor gets pictures.
      return kind == .imageProcessor ? .rawSensor : isMultiPlanar ? .noUsableFormat : nil
    }

    var kind: CameraDriver {
      let name = driver.lowercased()
      if awaitsProducer || name == "vivid" { return .virtual }
      if needsPipeline || name.contains("ipu") || name.contains("isys") { return .imageProcessor }
      return name == "uvcvideo" ? .usb : .other
    }
  }
}
