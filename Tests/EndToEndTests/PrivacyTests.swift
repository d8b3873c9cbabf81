import Foundation
import Glibc
import PrecallTestSupport
import Testing

/// Nothing of the sound stays: not in what the program says, not in its files, not in its memory, not in a core.
@Suite("Sound stays private") struct PrivacyTests {
  /// Ten milliseconds of noise again and again, so that every block that is kept anywhere holds all of it.
  private static let pattern = Array(Waveform.noise(amplitude: 0.5, seconds: 0.01))

  /// Sixteen samples of it as each type that sound is kept in.
  private static let needles: [Data] = {
    let part = pattern[100..<116]
    return [
      part.withUnsafeBytes { Data($0) }, part.map { Float($0) / 32_768 }.withUnsafeBytes { Data($0) },
      part.map { Double($0) / 32_768 }.withUnsafeBytes { Data($0) },
    ]
  }()

  @Test("While it listens the sound is in the sound server's own memory alone; afterwards nowhere")
  func memory() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      // A server that takes connections and says nothing keeps the program busy after the microphone.
      let silent = try SilentServer()
      let run = try Listening(
        folder: folder, ["--only", "microphone,network", "http://127.0.0.1:\(silent.port)"])
      defer { run.end(SIGKILL) }
      try run.waitUntilItHolds(Self.needles)
      let during = try run.memory()
      #expect(during.privateRegions(holding: Self.needles) == [])
      #expect(during.holdsShared(Self.needles))
      try run.waitUntil { run.said("\"finished\",\"check\":\"microphone\"") }
      let after = try run.memory()
      #expect(after.count > 20)
      #expect(after.privateRegions(holding: Self.needles) == [])
      #expect(!after.holdsShared(Self.needles))
      #expect(run.files.allSatisfy { file in Self.needles.allSatisfy { file.range(of: $0) == nil } })
    }
  }

  @Test("A crash while it listens leaves no core dump, where another program leaves one")
  func core() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let other = try ChildProcess.spawn(
        ["sh", "-c", "cd \(folder); ulimit -c unlimited; exec sleep 60"],
        environment: ["PATH": "/usr/bin:/bin"],
        output: nil)
      usleep(300_000)
      kill(other, SIGSEGV)
      guard ChildProcess.leftCore(other) else {
        print("skipped: a crash on this computer leaves no core dump at all")
        return
      }
      let run = try Listening(folder: folder, ["--only", "microphone"])
      try run.waitUntilItHolds(Self.needles)
      #expect(!run.end(SIGSEGV))
    }
  }

  /// `precall-test` with a microphone that gives the pattern, its output in a file.
  private final class Listening {
    let process: pid_t
    private let folder: String
    private let daemon: PrivatePulseAudio
    private let feeder: VirtualMicrophone
    private var hasEnded = false

    init(folder: String, _ arguments: [String]) throws {
      self.folder = folder
      daemon = try PrivatePulseAudio(modules: [
        VirtualMicrophone.module("microphone"), "module-null-sink norewinds=1 sink_name=speaker",
      ])
      feeder = try VirtualMicrophone(PrivacyTests.pattern, into: daemon, named: "microphone")
      let words = [Fixtures.program("precall-test"), "--format", "jsonl", "-v"] + arguments
      process = try ChildProcess.spawn(
        ["sh", "-c", "cd \(folder); ulimit -c unlimited; exec \"$@\"", "sh"] + words,
        environment: PrivatePulseAudio.environment(in: daemon.directory).merging(daemon.environment) { $1 },
        output: folder + "/output")
    }

    func said(_ words: String) -> Bool { files.contains { $0.range(of: Data(words.utf8)) != nil } }

    var files: [Data] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.compactMap { try? Data(contentsOf: URL(filePath: "\(folder)/\($0)")) }
    }

    func waitUntil(_ condition: () throws -> Bool) throws {
      let end = ContinuousClock.now + .seconds(20)
      while try !condition() {
        guard ContinuousClock.now < end else { throw RigError("it did not come to this within 20 s") }
        usleep(20_000)
      }
    }

    /// Lets it run until the sound server has shared the pattern with it, and stops it there.
    func waitUntilItHolds(_ needles: [Data]) throws {
      try waitUntil {
        let isThere = try ListeningMemory(of: process, onlyShared: true).holdsShared(needles)
        if isThere { kill(process, SIGSTOP) }
        return isThere
      }
    }

    /// All of its memory, read while it stands still.
    func memory() throws -> ListeningMemory {
      kill(process, SIGSTOP)
      defer { kill(process, SIGCONT) }
      return try ListeningMemory(of: process)
    }

    /// Ends it; whether it left a core dump.
    @discardableResult func end(_ signal: CInt) -> Bool {
      guard !hasEnded else { return false }
      hasEnded = true
      kill(process, signal)
      kill(process, SIGCONT)
      defer {
        feeder.stop()
        daemon.shutDown()
      }
      return ChildProcess.leftCore(process)
    }
  }

  /// Listens on a free port of the loopback, and never accepts.
  final class SilentServer {
    let port: UInt16
    private let descriptor: CInt

    init() throws {
      let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
            && getsockname(descriptor, $0, &size) == 0
        }
      }
      guard isBound else { throw RigError("no port on the loopback") }
      self.descriptor = descriptor
      port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
  }
}

extension ChildProcess {
  /// Waits for the end of a process that a signal ended; whether it left a core dump.
  fileprivate static func leftCore(_ process: pid_t) -> Bool {
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return false }
    }
    return status & 0x80 != 0
  }
}
