import Foundation
import Glibc
import Synchronization

/// Feeds samples, paced by the clock, into a pipe source: every sample and its moment are the test's own.
package final class VirtualMicrophone: Sendable {
  /// How the samples are handed over.
  package struct Pace: Sendable {
    /// 1 is real time; 0.919 is a card that says 48 kHz and runs at 44.1.
    package var speed = 1.0
    /// After each 500 ms of sound nothing comes for so many seconds.
    package var pause = 0.0
    /// After each 500 ms of sound what follows comes so many seconds late, but whole.
    package var delay = 0.0
    package init() {}
  }

  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }
  private let stopped = Flag()
  private let done = DispatchSemaphore(value: 0)

  /// The module that makes a source read what is fed into `name`.fifo in the daemon's directory.
  package static func module(
    _ name: String, rate: Int = 48_000, channels: Int = 1, properties: String = ""
  ) -> String {
    """
    module-pipe-source source_name=\(name) file=DIRECTORY/\(name).fifo format=s16le rate=\(rate) \
    channels=\(channels) source_properties=\"\(properties)\"
    """
  }

  /// Feeds interleaved `samples` again and again until `stop`.
  package init(
    _ samples: [Int16], into daemon: any PrivateSoundServer, named name: String, rate: Int = 48_000,
    channels: Int = 1, pace: Pace = Pace()
  ) throws {
    Glibc.signal(SIGPIPE, SIG_IGN)
    let path = "\(daemon.directory)/\(name).fifo"
    let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw RigError("\(path): \(String(cString: strerror(errno)))") }
    let thread = Thread { [stopped, done] in
      Self.feed(samples, to: descriptor, block: rate / 100 * channels, pace: pace, until: stopped)
      close(descriptor)
      done.signal()
    }
    thread.start()
  }

  deinit { stop() }

  package func stop() {
    guard !stopped.isSet.exchange(true, ordering: .relaxed) else { return }
    done.wait()
  }

  private static func feed(
    _ samples: [Int16], to descriptor: CInt, block: Int, pace: Pace, until stopped: Flag
  ) {
    var next = ContinuousClock.now
    var position = 0
    var blocks = 0
    while !stopped.isSet.load(ordering: .relaxed) {
      let bytes = (0..<block).map { samples[(position + $0) % samples.count] }
      position = (position + block) % samples.count
      _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      next += .milliseconds(10) / pace.speed
      blocks += 1
      if blocks % 50 == 0 {
        next += .seconds(pace.pause)
        usleep(UInt32(pace.delay * 1_000_000))
      }
      let rest = (next - .now) / .microseconds(1)
      if rest > 0 { usleep(UInt32(min(rest, 900_000))) }
      while next > .now, !stopped.isSet.load(ordering: .relaxed) { usleep(2_000) }
    }
  }
}
