import Glibc

/// One run of a program as the kernel accounts for it.
struct Run {
  var status: Int32
  var wall: Double
  var cpu: Double
  /// The largest resident size, of this process alone.
  var peakMegabytes: Double

  /// Runs `arguments[0]` to its end with its output thrown away.
  static func of(_ arguments: [String]) -> Run? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let start = now()
    guard posix_spawn(&child, arguments[0], &actions, nil, words, environ) == 0 else { return nil }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(child, &status, 0, &usage) == child else { return nil }
    return Run(
      status: (status >> 8) & 0xFF, wall: now() - start,
      cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakMegabytes: Double(usage.ru_maxrss) / 1024)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
