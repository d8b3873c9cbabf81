import Foundation

/// `virtual-camera SCRIPT FOLDER`: shows the cameras of a script as FOLDER/dev/video0 and so on, which
/// answer V4L2 through the kernel, with a sysfs tree beside them in FOLDER/sysfs. Says "ready" when a client
/// may open them; ends at SIGTERM or the end of its input, and unmounts.
@main struct Main {
  static func main() {
    guard CommandLine.arguments.count == 3 else { fail("use: virtual-camera SCRIPT FOLDER", EX_USAGE) }
    let (path, folder) = (CommandLine.arguments[1], CommandLine.arguments[2])
    guard let bytes = FileManager.default.contents(atPath: path) else {
      fail("can't read \(path)", EX_NOINPUT)
    }
    // Whoever started us may have blocked SIGTERM, as worker threads do.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    beOnTime()
    do {
      let scripts = try CameraScript.read(Array(bytes))
      try writeNames(scripts, to: folder)
      endWithInput()
      let isServed = DeviceFolder(scripts).serve(at: folder + "/dev") {
        FileHandle.standardOutput.write(Data("ready\n".utf8))
      }
      guard isServed else { fail("can't mount at \(folder)/dev: FUSE needs /dev/fuse", EX_UNAVAILABLE) }
    } catch {
      fail("\(path): \(error)", EX_DATAERR)
    }
  }

  /// A camera's frames do not wait for a busy computer. Threads to come are as this one.
  private static func beOnTime() {
    var priority = sched_param(sched_priority: 1)
    sched_setscheduler(0, SCHED_RR, &priority)
  }

  /// What the kernel would show in /sys/class/video4linux.
  private static func writeNames(_ scripts: [CameraScript], to folder: String) throws {
    for name in ["dev", "sysfs"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    for (number, script) in scripts.enumerated() {
      let node = "\(folder)/\(script.isSoftware ? "devices/virtual" : "devices/bus")/video\(number)"
      try FileManager.default.createDirectory(atPath: node, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/sysfs/video\(number)", withDestinationPath: node)
      try Data("\(script.name ?? script.card)\n".utf8).write(to: URL(filePath: node + "/name"))
      try Data("0\n".utf8).write(to: URL(filePath: node + "/index"))
    }
  }

  private static func endWithInput() {
    Thread {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
      kill(getpid(), SIGTERM)
    }.start()
  }

  private static func fail(_ words: String, _ status: Int32) -> Never {
    FileHandle.standardError.write(Data("virtual-camera: \(words)\n".utf8))
    exit(status)
  }
}
