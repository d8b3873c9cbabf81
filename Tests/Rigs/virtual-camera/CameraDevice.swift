import CFuse
import Foundation

/// One virtual camera: the state that its driver would keep.
final class CameraDevice: @unchecked Sendable {
  static let bufferCount = 4

  let script: CameraScript
  let node: fuse_ino_t
  let lock = NSCondition()

  // All below is guarded by `lock`.
  var format: (name: String, width: Int, height: Int)
  var promised: Double
  /// The file handle that has the buffers: only one may stream.
  var owner: UInt64?
  var buffers: [v4l2_buffer] = []
  var queued: [Int] = []
  var done: [Int] = []
  var isStreaming = false
  var starts = 0
  /// When the last start was, as `ProcessInfo.systemUptime`.
  var startedAt = 0.0
  var isGone = false
  var sequence: UInt32 = 0
  var frame = 0
  var pollHandle: OpaquePointer?
  var dequeueError: Int32 = 0

  init(_ script: CameraScript, node: fuse_ino_t) {
    self.script = script
    self.node = node
    let mode = script.modes[0]
    format = (mode.format, mode.sizes[0].width, mode.sizes[0].height)
    promised = mode.rates[0]
  }

  var stride: Int {
    switch format.name {
    case "MJPG": 0
    case "YUYV", "UYVY", "Y16 ", "BA10": format.width * 2 + script.padding
    default: format.width + script.padding
    }
  }

  /// Bytes of a frame's buffer.
  var length: Int {
    switch format.name {
    case "MJPG": format.width * format.height
    case "NV12", "YU12": stride * format.height * 3 / 2
    default: stride * format.height
    }
  }

  var pollEvents: UInt32 {
    if isGone { return UInt32(POLLERR | POLLHUP) }
    return done.isEmpty && dequeueError == 0 ? 0 : UInt32(POLLIN | POLLRDNORM)
  }

  func offset(of index: Int) -> Int { 4_096 + index * ((length + 4_095) / 4_096 * 4_096) }

  /// Frees what `handle` held: it was closed, or asked for no buffers.
  func free(_ handle: UInt64) {
    guard owner == handle else { return }
    stop()
    buffers = []
    owner = nil
  }

  func stop() {
    isStreaming = false
    queued = []
    done = []
    dequeueError = 0
    for index in buffers.indices { buffers[index].flags = 0 }
  }

  /// Wakes a waiting poll. The lock must not be held: the kernel may ask again at once.
  func notify() {
    lock.lock()
    let handle = pollHandle
    pollHandle = nil
    lock.unlock()
    guard let handle else { return }
    fuse_lowlevel_notify_poll(handle)
    fuse_pollhandle_destroy(handle)
  }
}
