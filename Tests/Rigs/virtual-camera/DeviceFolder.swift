import CFuse
import Foundation

/// The file system that shows the cameras as files: /video0, /video1 and so on.
final class DeviceFolder: @unchecked Sendable {
  let devices: [CameraDevice]
  private var handles: UInt64 = 0

  init(_ scripts: [CameraScript]) {
    devices = scripts.enumerated().map { CameraDevice($1, node: fuse_ino_t($0 + 2)) }
  }

  /// Mounts at `path` and serves until the session is told to end.
  func serve(at path: String, whenReady ready: () -> Void) -> Bool {
    var operations = Self.operations
    var name: [UnsafeMutablePointer<CChar>?] = [strdup("virtual-camera"), nil]
    defer { free(name[0]) }
    let session = name.withUnsafeMutableBufferPointer { names in
      var arguments = fuse_args(argc: 1, argv: names.baseAddress, allocated: 0)
      return fuse_session_new(
        &arguments, &operations, MemoryLayout<fuse_lowlevel_ops>.size,
        Unmanaged.passUnretained(self).toOpaque())
    }
    guard let session else { return false }
    defer { fuse_session_destroy(session) }
    guard fuse_set_signal_handlers(session) == 0, fuse_session_mount(session, path) == 0 else { return false }
    for device in devices { FramePump(device, session).start() }
    ready()
    _ = fuse_session_loop(session)
    fuse_session_unmount(session)
    return true
  }

  fileprivate func device(_ node: fuse_ino_t) -> CameraDevice? {
    let index = Int(node) - 2
    return devices.indices.contains(index) ? devices[index] : nil
  }

  private static var operations: fuse_lowlevel_ops {
    var operations = fuse_lowlevel_ops()
    operations.lookup = { request, _, name in
      let index = name.map { String(cString: $0) }.flatMap {
        $0.hasPrefix("video") ? Int($0.dropFirst(5)) : nil
      }
      guard let index, folder(of: request).devices.indices.contains(index),
        !folder(of: request).devices[index].script.isListedOnly
      else { return _ = fuse_reply_err(request, ENOENT) }
      var entry = fuse_entry_param()
      entry.ino = fuse_ino_t(index + 2)
      entry.attr = attributes(of: entry.ino, folder(of: request).devices[index].script.group)
      entry.attr_timeout = 60
      entry.entry_timeout = 60
      fuse_reply_entry(request, &entry)
    }
    operations.getattr = { request, node, _ in
      var attributes = attributes(of: node, folder(of: request).device(node)?.script.group ?? 0)
      fuse_reply_attr(request, &attributes, 60)
    }
    operations.open = { request, node, file in folder(of: request).open(request, node, file) }
    operations.read = { request, _, count, _, _ in
      let zeros = [CChar](repeating: 0, count: count)
      fuse_reply_buf(request, zeros, count)
    }
    operations.release = { request, node, file in
      if let device = folder(of: request).device(node), let file {
        device.lock.lock()
        device.free(file.pointee.fh)
        device.lock.unlock()
      }
      fuse_reply_err(request, 0)
    }
    operations.poll = { request, node, _, handle in folder(of: request).poll(request, node, handle) }
    operations.ioctl = { request, node, command, _, file, _, input, inputCount, outputCount in
      folder(of: request).answer(request, node, command, file, input, inputCount, outputCount)
    }
    return operations
  }

  fileprivate func open(
    _ request: OpaquePointer?, _ node: fuse_ino_t, _ file: UnsafeMutablePointer<fuse_file_info>?
  ) {
    guard let device = device(node), let file else { return _ = fuse_reply_err(request, EISDIR) }
    handles += 1
    file.pointee.fh = handles
    rig_keep_cache(file)
    let error = device.isGone ? ENODEV : device.script.errors["open"]
    if let error { return _ = fuse_reply_err(request, error) }
    fuse_reply_open(request, file)
  }

  fileprivate func poll(_ request: OpaquePointer?, _ node: fuse_ino_t, _ handle: OpaquePointer?) {
    guard let device = device(node) else { return _ = fuse_reply_err(request, EBADF) }
    device.lock.lock()
    if let handle {
      if let old = device.pollHandle { fuse_pollhandle_destroy(old) }
      device.pollHandle = handle
    }
    let events = device.pollEvents
    device.lock.unlock()
    fuse_reply_poll(request, events)
  }

  fileprivate func answer(
    _ request: OpaquePointer?, _ node: fuse_ino_t, _ command: UInt32,
    _ file: UnsafeMutablePointer<fuse_file_info>?, _ input: UnsafeRawPointer?, _ inputCount: Int,
    _ outputCount: Int
  ) {
    guard let device = device(node), let file else { return _ = fuse_reply_err(request, ENOTTY) }
    let argument = UnsafeMutableRawPointer.allocate(byteCount: 1_024, alignment: 16)
    memset(argument, 0, 1_024)
    if let input { memcpy(argument, input, min(inputCount, 1_024)) }
    let (handle, hang) = (file.pointee.fh, device.script.hangs[CameraDevice.name(of: command)])
    nonisolated(unsafe) let call = (request, argument)
    let reply: @Sendable () -> Void = {
      let error = device.answer(command, call.1, from: handle)
      if error != 0 {
        fuse_reply_err(call.0, error)
      } else {
        fuse_reply_ioctl(call.0, 0, call.1, outputCount)
      }
      call.1.deallocate()
    }
    // A hanging driver hangs the caller only: the answer comes later, from another thread.
    guard let hang else { return reply() }
    DispatchQueue.global().asyncAfter(deadline: .now() + hang, execute: reply)
  }
}

private func folder(of request: OpaquePointer?) -> DeviceFolder {
  Unmanaged<DeviceFolder>.fromOpaque(fuse_req_userdata(request)).takeUnretainedValue()
}

private func attributes(of node: fuse_ino_t, _ group: gid_t) -> stat {
  var attributes = stat()
  attributes.st_gid = group
  attributes.st_ino = ino_t(node)
  attributes.st_mode = node == 1 ? S_IFDIR | 0o755 : S_IFREG | 0o660
  attributes.st_nlink = 1
  attributes.st_size = node == 1 ? 0 : 64 << 20
  return attributes
}
