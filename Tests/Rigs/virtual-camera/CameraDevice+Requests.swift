import CFuse
import Foundation

/// The V4L2 requests, each answered as a driver would: 0, or the error number.
extension CameraDevice {
  static func name(of request: UInt32) -> String {
    names[request] ?? "?"
  }

  private static let names: [UInt32: String] = [
    rig_QUERYCAP: "QUERYCAP", rig_ENUM_FMT: "ENUM_FMT", rig_ENUM_FRAMESIZES: "ENUM_FRAMESIZES",
    rig_ENUM_FRAMEINTERVALS: "ENUM_FRAMEINTERVALS", rig_G_FMT: "G_FMT", rig_S_FMT: "S_FMT",
    rig_TRY_FMT: "TRY_FMT", rig_G_PARM: "G_PARM", rig_S_PARM: "S_PARM", rig_REQBUFS: "REQBUFS",
    rig_QUERYBUF: "QUERYBUF", rig_QBUF: "QBUF", rig_DQBUF: "DQBUF", rig_STREAMON: "STREAMON",
    rig_STREAMOFF: "STREAMOFF", rig_QUERYCTRL: "QUERYCTRL", rig_G_CTRL: "G_CTRL",
  ]

  func answer(_ request: UInt32, _ argument: UnsafeMutableRawPointer, from handle: UInt64) -> Int32 {
    lock.lock()
    defer { lock.unlock() }
    if isGone { return ENODEV }
    if let error = script.errors[Self.name(of: request)] { return error }
    switch request {
    case rig_QUERYCAP: return describe(argument.assumingMemoryBound(to: v4l2_capability.self))
    case rig_ENUM_FMT: return list(argument.assumingMemoryBound(to: v4l2_fmtdesc.self))
    case rig_ENUM_FRAMESIZES: return list(argument.assumingMemoryBound(to: v4l2_frmsizeenum.self))
    case rig_ENUM_FRAMEINTERVALS: return list(argument.assumingMemoryBound(to: v4l2_frmivalenum.self))
    case rig_G_FMT: return show(argument.assumingMemoryBound(to: v4l2_format.self))
    case rig_S_FMT, rig_TRY_FMT:
      return set(argument.assumingMemoryBound(to: v4l2_format.self), request == rig_S_FMT, handle)
    case rig_G_PARM: return showRate(argument.assumingMemoryBound(to: v4l2_streamparm.self))
    case rig_S_PARM: return setRate(argument.assumingMemoryBound(to: v4l2_streamparm.self))
    case rig_QUERYCTRL: return describe(argument.assumingMemoryBound(to: v4l2_queryctrl.self))
    case rig_G_CTRL: return show(argument.assumingMemoryBound(to: v4l2_control.self))
    case rig_REQBUFS: return allocate(argument.assumingMemoryBound(to: v4l2_requestbuffers.self), handle)
    case rig_QUERYBUF, rig_QBUF, rig_DQBUF, rig_STREAMON, rig_STREAMOFF:
      guard owner == handle else { return owner == nil ? EINVAL : EBUSY }
      return stream(request, argument)
    default: return ENOTTY
    }
  }

  private func describe(_ answer: UnsafeMutablePointer<v4l2_capability>) -> Int32 {
    copy(script.driver, into: &answer.pointee.driver)
    copy(script.card, into: &answer.pointee.card)
    copy(script.bus, into: &answer.pointee.bus_info)
    let own = script.capabilities | UInt32(V4L2_CAP_STREAMING)
    answer.pointee.device_caps = own
    // As uvcvideo does: `capabilities` has what all nodes of the device can do.
    answer.pointee.capabilities = own | UInt32(V4L2_CAP_VIDEO_CAPTURE) | 0x8000_0000
    return 0
  }

  private func list(_ answer: UnsafeMutablePointer<v4l2_fmtdesc>) -> Int32 {
    let index = Int(answer.pointee.index)
    // A multi-planar device has no formats of the other kind.
    let isMultiPlanar = script.capabilities & UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0
    let type = isMultiPlanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE
    guard answer.pointee.type == type.rawValue, script.modes.indices.contains(index) else { return EINVAL }
    answer.pointee.pixelformat = code(script.modes[index].format)
    copy(script.modes[index].format, into: &answer.pointee.description)
    return 0
  }

  private func list(_ answer: UnsafeMutablePointer<v4l2_frmsizeenum>) -> Int32 {
    let index = Int(answer.pointee.index)
    guard let mode = mode(answer.pointee.pixel_format), mode.sizes.indices.contains(index) else {
      return EINVAL
    }
    if mode.isRange {
      guard index == 0, let last = mode.sizes.last else { return EINVAL }
      answer.pointee.type = V4L2_FRMSIZE_TYPE_STEPWISE.rawValue
      answer.pointee.stepwise = v4l2_frmsize_stepwise(
        min_width: UInt32(mode.sizes[0].width), max_width: UInt32(last.width), step_width: 2,
        min_height: UInt32(mode.sizes[0].height), max_height: UInt32(last.height), step_height: 2)
      return 0
    }
    answer.pointee.type = V4L2_FRMSIZE_TYPE_DISCRETE.rawValue
    answer.pointee.discrete.width = UInt32(mode.sizes[index].width)
    answer.pointee.discrete.height = UInt32(mode.sizes[index].height)
    return 0
  }

  private func list(_ answer: UnsafeMutablePointer<v4l2_frmivalenum>) -> Int32 {
    let index = Int(answer.pointee.index)
    guard let mode = mode(answer.pointee.pixel_format), mode.rates.indices.contains(index) else {
      return EINVAL
    }
    let interval = Self.interval(mode.rates[index])
    if mode.isRange {
      guard index == 0, let last = mode.rates.last else { return EINVAL }
      answer.pointee.type = V4L2_FRMIVAL_TYPE_CONTINUOUS.rawValue
      answer.pointee.stepwise = v4l2_frmival_stepwise(
        min: interval, max: Self.interval(last), step: v4l2_fract(numerator: 1, denominator: 1))
      return 0
    }
    answer.pointee.type = V4L2_FRMIVAL_TYPE_DISCRETE.rawValue
    answer.pointee.discrete = interval
    return 0
  }

  private static func interval(_ rate: Double) -> v4l2_fract {
    v4l2_fract(numerator: 1_000, denominator: UInt32(rate * 1_000))
  }

  private func set(
    _ answer: UnsafeMutablePointer<v4l2_format>, _ isMeant: Bool, _ handle: UInt64
  ) -> Int32 {
    if isMeant, let owner, owner != handle { return EBUSY }
    let asked = answer.pointee.fmt.pix
    let mode = mode(asked.pixelformat) ?? script.modes[0]
    let before = format
    format = script.answer ?? agreed(mode, Int(asked.width), Int(asked.height))
    _ = show(answer)
    if isMeant { promised = mode.rates[0] } else { format = before }
    return 0
  }

  private func agreed(_ mode: CameraScript.Mode, _ width: Int, _ height: Int) -> (String, Int, Int) {
    let (first, last) = (mode.sizes[0], mode.sizes[mode.sizes.count - 1])
    if mode.isRange {
      return (
        mode.format, max(first.width, min(width, last.width)), max(first.height, min(height, last.height))
      )
    }
    let wanted = width * height
    let size = mode.sizes.min { abs($0.width * $0.height - wanted) < abs($1.width * $1.height - wanted) }
    return (mode.format, (size ?? first).width, (size ?? first).height)
  }

  private func show(_ answer: UnsafeMutablePointer<v4l2_format>) -> Int32 {
    answer.pointee.fmt.pix.width = UInt32(format.width)
    answer.pointee.fmt.pix.height = UInt32(format.height)
    answer.pointee.fmt.pix.pixelformat = code(format.name)
    answer.pointee.fmt.pix.field = V4L2_FIELD_NONE.rawValue
    answer.pointee.fmt.pix.bytesperline = UInt32(stride)
    answer.pointee.fmt.pix.sizeimage = UInt32(length)
    answer.pointee.fmt.pix.colorspace = V4L2_COLORSPACE_SRGB.rawValue
    return 0
  }

  private func setRate(_ answer: UnsafeMutablePointer<v4l2_streamparm>) -> Int32 {
    let asked = answer.pointee.parm.capture.timeperframe
    let wanted = Double(asked.denominator) / Double(max(1, asked.numerator))
    let rates = mode(code(format.name))?.rates ?? []
    promised = rates.min { abs($0 - wanted) < abs($1 - wanted) } ?? 30
    return showRate(answer)
  }

  private func showRate(_ answer: UnsafeMutablePointer<v4l2_streamparm>) -> Int32 {
    answer.pointee.parm.capture.capability = UInt32(V4L2_CAP_TIMEPERFRAME)
    answer.pointee.parm.capture.timeperframe = Self.interval(promised)
    return 0
  }

  private func control(_ id: UInt32) -> Bool? {
    switch id {
    case rig_privacy: script.hidesPrivacy && !isStreaming ? nil : script.privacy
    case rig_exposure_priority: script.slowsInTheDark
    default: nil
    }
  }

  private func describe(_ answer: UnsafeMutablePointer<v4l2_queryctrl>) -> Int32 {
    guard control(answer.pointee.id) != nil else { return EINVAL }
    answer.pointee.type = V4L2_CTRL_TYPE_BOOLEAN.rawValue
    answer.pointee.maximum = 1
    return 0
  }

  private func show(_ answer: UnsafeMutablePointer<v4l2_control>) -> Int32 {
    guard let isOn = control(answer.pointee.id) else { return EINVAL }
    answer.pointee.value = isOn ? 1 : 0
    return 0
  }

  private func mode(_ format: UInt32) -> CameraScript.Mode? {
    script.modes.first { code($0.format) == format }
  }

  private func code(_ name: String) -> UInt32 {
    name.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func copy<Field>(_ text: String, into field: inout Field) {
    withUnsafeMutableBytes(of: &field) { bytes in
      for (index, byte) in text.utf8.prefix(bytes.count - 1).enumerated() { bytes[index] = byte }
    }
  }
}
