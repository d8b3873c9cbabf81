import CV4L2
import Glibc

/// The driver's buffers, mapped into this process; wiped and given back when this ends.
@safe struct CaptureBuffers: ~Copyable {
  private let descriptor: Int32
  /// Whether there is anything to wipe: a driver that died before its first frame may have taken its
  /// memory with it.
  private var hasPixels = false
  private var maps: [UnsafeMutableRawBufferPointer]

  init(of device: borrowing V4L2Device) throws(V4L2Error) {
    descriptor = device.descriptor
    unsafe maps = []
    let count = precall_v4l2_request(descriptor, 4)
    try device.check(count, .allocate)
    guard count > 0 else { throw V4L2Error(step: .allocate, number: ENOMEM) }
    for index in 0..<UInt32(count) {
      var bytes: UnsafeMutableRawPointer?
      var length = 0
      try device.check(unsafe precall_v4l2_map(descriptor, index, &bytes, &length), .allocate)
      unsafe maps.append(UnsafeMutableRawBufferPointer(start: bytes, count: length))
    }
  }

  deinit {
    _ = precall_v4l2_stop(descriptor)
    let count = unsafe maps.count
    for index in 0..<count {
      let map = unsafe maps[index]
      if hasPixels { unsafe map.initializeMemory(as: UInt8.self, repeating: 0) }
      unsafe precall_v4l2_unmap(map.baseAddress, map.count)
    }
    _ = precall_v4l2_request(descriptor, 0)
  }

  func queueAll() throws(V4L2Error) {
    let count = unsafe maps.count
    for index in 0..<count { try queue(UInt32(index)) }
  }

  private func queue(_ index: UInt32) throws(V4L2Error) {
    let result = precall_v4l2_queue(descriptor, index)
    if result < 0 { throw V4L2Error(step: .stream, number: -result) }
  }

  /// Takes a frame that is ready, lets `look` see its bytes, wipes them and gives the buffer back; false
  /// where none is ready.
  mutating func take(
    _ look: (_ bytes: Span<UInt8>, _ sequence: UInt32, _ isMarked: Bool) -> Void
  ) throws(V4L2Error) -> Bool {
    var frame = precall_v4l2_frame()
    let result = unsafe precall_v4l2_dequeue(descriptor, &frame)
    if result == -EAGAIN { return false }
    guard result == 0 else { throw V4L2Error(step: .stream, number: -result) }
    let index = Int(frame.index)
    guard unsafe index < maps.count else { throw V4L2Error(step: .stream, number: EINVAL) }
    hasPixels = true
    let map = unsafe maps[index]
    let used = min(Int(frame.bytes), map.count)
    unsafe look(
      map.bindMemory(to: UInt8.self).extracting(0..<used).span, frame.sequence, frame.marked)
    unsafe map.initializeMemory(as: UInt8.self, repeating: 0)
    try queue(frame.index)
    return true
  }
}
