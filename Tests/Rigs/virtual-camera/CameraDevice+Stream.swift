import CFuse
import Foundation

extension CameraDevice {
  func allocate(_ answer: UnsafeMutablePointer<v4l2_requestbuffers>, _ handle: UInt64) -> Int32 {
    if let owner, owner != handle { return EBUSY }
    guard answer.pointee.count > 0 else {
      free(handle)
      return 0
    }
    stop()
    owner = handle
    answer.pointee.count = UInt32(Self.bufferCount)
    buffers = (0..<Self.bufferCount).map { index in
      var buffer = v4l2_buffer()
      buffer.index = UInt32(index)
      buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
      buffer.memory = V4L2_MEMORY_MMAP.rawValue
      buffer.length = UInt32(length)
      buffer.m.offset = UInt32(offset(of: index))
      return buffer
    }
    return 0
  }

  func stream(_ request: UInt32, _ argument: UnsafeMutableRawPointer) -> Int32 {
    switch request {
    case rig_STREAMON:
      (isStreaming, sequence) = (true, 0)
      starts += 1
      startedAt = ProcessInfo.processInfo.systemUptime
      lock.broadcast()
      return 0
    case rig_STREAMOFF:
      stop()
      return 0
    default: return exchange(request, argument.assumingMemoryBound(to: v4l2_buffer.self))
    }
  }

  private func exchange(_ request: UInt32, _ answer: UnsafeMutablePointer<v4l2_buffer>) -> Int32 {
    if request == rig_DQBUF {
      if dequeueError != 0 { return dequeueError }
      guard isStreaming else { return EINVAL }
      guard !done.isEmpty else { return EAGAIN }
      answer.pointee = buffers[done.removeFirst()]
      return 0
    }
    let index = Int(answer.pointee.index)
    guard buffers.indices.contains(index) else { return EINVAL }
    if request == rig_QUERYBUF {
      answer.pointee = buffers[index]
    } else {
      queued.append(index)
    }
    return 0
  }
}

/// Fills a camera's buffers in real time, on a thread of its own.
final class FramePump: @unchecked Sendable {
  private let device: CameraDevice
  private let session: OpaquePointer
  /// Frames repeat after so many, so that none is painted twice.
  private static let cycle = 8
  /// When the only pause ends.
  private var pauseEnd: Double?
  private var painted: [String: [UInt8]] = [:]

  init(_ device: CameraDevice, _ session: OpaquePointer) {
    self.device = device
    self.session = session
  }

  func start() {
    let thread = Thread { [self] in run() }
    thread.stackSize = 1 << 20
    thread.start()
  }

  private func run() {
    while true {
      device.lock.lock()
      while !device.isStreaming || device.isGone { device.lock.wait() }
      let interval = 1 / (device.script.rate ?? device.promised)
      device.lock.unlock()
      var due = now() + interval
      while deliver() {
        due = max(due + interval, now())
        usleep(useconds_t(max(0, (due - now()) * 1_000_000)))
      }
    }
  }

  private func now() -> Double { ProcessInfo.processInfo.systemUptime }

  /// One frame's turn; false when the stream has ended.
  private func deliver() -> Bool {
    device.lock.lock()
    guard device.isStreaming, !device.isGone else {
      device.lock.unlock()
      return false
    }
    let faults = device.script.faults.filter { $0.frames.contains(device.frame) }
    let isStarting = now() - device.startedAt < device.script.startSeconds
    if isStarting || device.starts <= device.script.silentStarts || strikes(faults) {
      device.lock.unlock()
      device.notify()
      return true
    }
    guard !device.queued.isEmpty else {
      device.sequence &+= 1
      device.lock.unlock()
      return true
    }
    let index = device.queued.removeFirst()
    let kinds = Set(faults.map(\.kind))
    var bytes = paint(kinds.contains(.freeze) ? 0 : device.frame % Self.cycle)
    let offset = device.offset(of: index)
    device.lock.unlock()
    damage(&bytes, kinds)
    let count = bytes.count
    let stored = store(&bytes, at: offset)
    if stored != 0 { FileHandle.standardError.write(Data("a frame can't be stored: \(stored)\n".utf8)) }
    finish(index, count: count, kinds)
    return true
  }

  /// Puts a frame into the pages that the client has mapped, the last one whole: the kernel would fetch a page
  /// that is stored in part only when the client first touches it, and lay zeros over the end of the frame.
  private func store(_ bytes: inout [UInt8], at offset: Int) -> Int32 {
    bytes += [UInt8](repeating: 0, count: (4_096 - bytes.count % 4_096) % 4_096)
    return bytes.withUnsafeMutableBytes {
      rig_store(session, device.node, Int64(offset), $0.baseAddress, $0.count)
    }
  }

  /// Faults that let no frame through.
  private func strikes(_ faults: [CameraScript.Fault]) -> Bool {
    for fault in faults {
      switch fault.kind {
      case .stall: return true
      case .pause:
        let end = pauseEnd ?? now() + fault.seconds
        pauseEnd = end
        if now() < end { return true }
      case .unplug:
        device.isGone = true
        return true
      case .errno:
        device.dequeueError = fault.errno
        return true
      default: continue
      }
    }
    return false
  }

  private func paint(_ frame: Int) -> [UInt8] {
    let (name, width, height) = device.format
    let key = "\(name) \(width) \(height) \(frame)"
    if let bytes = painted[key] { return bytes }
    let bytes = device.script.picture.bytes(
      format: name, width: width, height: height, stride: device.stride, frame: frame)
    painted[key] = bytes
    return bytes
  }

  private func damage(_ bytes: inout [UInt8], _ kinds: Set<CameraScript.Fault.Kind>) {
    if kinds.contains(.short) { bytes.removeLast(bytes.count / 4) }
    if kinds.contains(.cut) { bytes.removeLast(bytes.count * 6 / 10) }
    if kinds.contains(.garbled) {
      // What a lost USB packet leaves: bytes of anything.
      for at in (bytes.count / 3)..<(bytes.count - 2) {
        bytes[at] = UInt8(truncatingIfNeeded: (at &* 2_654_435_761) >> 13)
      }
    }
  }

  private func finish(_ index: Int, count: Int, _ kinds: Set<CameraScript.Fault.Kind>) {
    device.lock.lock()
    if device.isStreaming, device.buffers.indices.contains(index) {
      if kinds.contains(.gap) { device.sequence &+= 1 }
      device.buffers[index].sequence = device.sequence
      device.buffers[index].bytesused = UInt32(count)
      let marked = kinds.contains(.marked) ? UInt32(V4L2_BUF_FLAG_ERROR) : 0
      device.buffers[index].flags = UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) | marked
      device.done.append(index)
      device.sequence &+= 1
      device.frame += 1
    }
    device.lock.unlock()
    device.notify()
  }
}
