import Glibc
import PrecallCore
import Synchronization

/// One run of a program as the kernel accounts for it.
struct Run {
  var status: Int32
  var wall: Double
  /// User and system, with all that it started and waited for.
  var cpu: Double
  /// The largest resident size, of this process alone.
  var peakMegabytes: Double

  /// Runs `arguments[0]`, a path, to its end; what it prints goes to the file `output`, or is thrown away.
  static func of(_ arguments: [String], output: String = "/dev/null") -> Run? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var attributes = unblocked()
    defer { posix_spawnattr_destroy(&attributes) }
    let words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let start = now()
    guard posix_spawn(&child, arguments[0], &actions, &attributes, words, environ) == 0 else { return nil }
    let memory = MemoryWatch(of: child)
    var status: Int32 = 0
    var usage = rusage()
    let ended = wait4(child, &status, 0, &usage)
    let wall = now() - start
    let peak = memory.end()
    guard ended == child else { return nil }
    return Run(
      status: (status >> 8) & 0xFF, wall: wall, cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMegabytes: peak)
  }

  /// Worker threads block SIGTERM, by which programs as timeout(1) end what they started.
  private static func unblocked() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawnattr_setsigmask(&attributes, &none)
    return attributes
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}

/// Reads the largest resident size of a process every 5 ms. The kernel's account at its end will not do: it is
/// the largest of all that the process started too, as a server, and of the program that started it.
private final class MemoryWatch: Sendable {
  private let isOver = Atomic(false)
  private let peak = Mutex(0.0)
  private let process: pid_t
  private let thread = Mutex(pthread_t())

  init(of process: pid_t) {
    self.process = process
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { me in
        guard let me else { return nil }
        Unmanaged<MemoryWatch>.fromOpaque(me).takeRetainedValue().watch()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    self.thread.withLock { $0 = thread }
  }

  private func watch() {
    while !isOver.load(ordering: .relaxed) {
      if let kilobytes = Self.highest(of: process) { peak.withLock { $0 = max($0, kilobytes / 1024) } }
      usleep(5_000)
    }
  }

  /// In MiB.
  func end() -> Double {
    isOver.store(true, ordering: .relaxed)
    pthread_join(thread.withLock { $0 }, nil)
    return peak.withLock { $0 }
  }

  /// proc(5), status: `VmHWM:    35252 kB`.
  private static func highest(of process: pid_t) -> Double? {
    guard let file = fopen("/proc/\(process)/status", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        .split(whereSeparator: { " \t".contains($0) })
      if words.first == "VmHWM:", words.count > 1 { return Double(words[1]) }
    }
    return nil
  }
}
