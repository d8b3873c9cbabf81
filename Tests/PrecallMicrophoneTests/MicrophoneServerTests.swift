import Foundation
import Glibc
import PrecallCore
import PrecallMicrophone
import PrecallProbes
import PrecallTestSupport
import Testing

/// Faults on the way to the microphone, each against a real daemon or a real socket.
///
/// Refused: on PulseAudio only, since PipeWire's server asks nobody for a cookie or for a user; who can reach
/// its socket is let in, and who can't is in M3.
@Suite("The sound server") struct MicrophoneServerTests {
  private func code(of server: String) async -> [String] {
    await MicrophoneProbe(server: server).measure { _ in }.codes
  }

  @Test("M1: where nothing listens there is no sound server")
  func absent() async {
    #expect(await code(of: "unix:/nowhere/native") == ["no-sound-server"])
    #expect(await code(of: "tcp:127.0.0.1:1") == ["no-sound-server"])
  }

  @Test("M2: a socket whose server is gone", arguments: SoundServerKind.allCases)
  func stale(on kind: SoundServerKind) async throws {
    let daemon = try kind.start([])
    daemon.signal(SIGKILL)
    #expect(await code(of: daemon.server) == ["sound-server-gone"])
  }

  @Test(
    "M3: the sound server is another user's, or out of reach under sudo", arguments: SoundServerKind.allCases)
  func foreign(on kind: SoundServerKind) async throws {
    let daemon = try kind.start([])
    let settings = ["XDG_RUNTIME_DIR": daemon.directory]
    let other = SoundServerAddress(server: nil, user: geteuid() + 1) { settings[$0] }
    #expect(other.failure == .wrongUser)
    let own = SoundServerAddress(server: "\(daemon.server) unix:/nowhere", user: geteuid()) { settings[$0] }
    #expect(own.failure == nil)
    let sudo = ["SUDO_UID": "1000", "XDG_RUNTIME_DIR": "/nowhere"]
    #expect(SoundServerAddress(server: nil, user: 0) { sudo[$0] }.failure == .wrongUser)
    #expect(SoundServerAddress(server: nil, user: 1_000) { _ in "/nowhere" }.failure == .noServer)
  }

  @Test("Where no variable names a server, as in a shell of a service, the user's session has it")
  func ofTheSession() async throws {
    let daemon = try SoundServerKind.pulseAudio.start([])
    try await Fixtures.withTemporaryFolder { root in
      let none = SoundServerAddress(server: nil, user: 1_000, sessions: root) { _ in nil }
      #expect(none.server == nil && none.failure == .noServer && none.ownerName.isEmpty)
      try FileManager.default.createDirectory(
        atPath: "\(root)/1000/pulse", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/1000/pulse/native", withDestinationPath: daemon.socket)
      // A shell of root finds no sound of its own, but that of whoever is logged in.
      let other = SoundServerAddress(server: nil, user: 1_001, sessions: root) { _ in nil }
      #expect(other.server == nil && other.failure == .wrongUser)
      let named = SoundServerAddress(server: "unix:\(root)/nowhere", user: 1_001, sessions: root) { _ in nil }
      #expect(named.failure == .noServer && named.ownerName.isEmpty)
      let login = String(cString: getpwuid(getuid()).pointee.pw_name)
      #expect(String(decoding: other.ownerName, as: UTF8.self) == login)
      let found = SoundServerAddress(server: nil, user: 1_000, sessions: root) { _ in nil }
      #expect(found.server == "unix:\(root)/1000/pulse/native" && found.failure == nil)
      let remote = SoundServerAddress(server: nil, user: 1_000, sessions: root) {
        ["PULSE_SERVER": "tcp:x"][$0]
      }
      #expect(remote.server == nil)
    }
  }

  @Test("M5: a server that accepts no more programs", arguments: SoundServerKind.allCases)
  func full(on kind: SoundServerKind) async throws {
    let daemon = try kind.start([VirtualMicrophone.module("microphone")])
    let held = (0..<70).map { _ in connected(to: daemon.socket) }
    defer { for descriptor in held { close(descriptor) } }
    // The daemon has seen them all when it hangs up on the last.
    var byte: UInt8 = 0
    #expect(recv(try #require(held.last), &byte, 1, 0) == 0)
    #expect(await code(of: daemon.server) == ["sound-server-full"])
  }

  private func connected(to path: String) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return status == 0 ? descriptor : -1
  }

  @Test("M4: a server that refuses us")
  func refused() async throws {
    let port = try LoopbackPort.free()
    let daemon = try PrivatePulseAudio(
      modules: ["module-native-protocol-tcp listen=127.0.0.1 port=\(port) auth-cookie=DIRECTORY/other"])
    #expect(await code(of: "tcp:127.0.0.1:\(port)") == ["access-refused"])
    daemon.shutDown()
  }

  @Test("A server that was restarted is found again by the next check", arguments: SoundServerKind.allCases)
  func restarting(on kind: SoundServerKind) async throws {
    let daemon = try kind.start([VirtualMicrophone.module("microphone")])
    let microphone = MicrophoneCase(daemon: daemon)
    try microphone.feed(Speech.samples.get())
    #expect(await microphone.measure { $0.signal(SIGKILL) }.codes.first == "sound-server-died")
    #expect(await code(of: daemon.server) == ["sound-server-gone"])
    // At the same address, where the old one's socket still is.
    try daemon.restart()
    try microphone.feed(Speech.samples.get())
    let again = await microphone.measure()
    #expect(again.failure == nil && again.sound?.hasVoice == true, "\(again.codes)")
  }

  @Test(
    "Cancelling ends the check at once, also while the server hangs", arguments: SoundServerKind.allCases)
  func cancelling(on kind: SoundServerKind) async throws {
    let daemon = try kind.start([])
    daemon.signal(SIGSTOP)
    let start = ContinuousClock.now
    let measurement = await withTaskGroup(of: MicrophoneMeasurement.self) { group in
      group.addTask { await MicrophoneProbe(server: daemon.server).measure { _ in } }
      try? await Task.sleep(for: .milliseconds(200))
      group.cancelAll()
      return await group.next()
    }
    #expect(ContinuousClock.now - start < .seconds(15))
    // Uncancelled it would have named the server that does not answer.
    #expect(measurement?.failure == nil)
    #expect(measurement?.sound == nil)
  }
}
