import Foundation
import Logging
import NIOCore
import NIOPosix
import PrecallCore
import ServiceLifecycle
import Subprocess
import Synchronization
import SystemPackage

/// An installed coturn as our child: started with a safe configuration, started again when it ends, and ended
/// with us, whatever ends us.
final class ManagedTurnServer: Service {
  let secret: String
  private let settings: ManagedTurn
  private let addresses: [String]
  private let tls: PrecallServerConfiguration.TLSFiles?
  private let program: String
  private let logger: Logger
  private let up = Mutex(false)

  /// Whether it takes connections now.
  var isReady: Bool { up.withLock { $0 } }

  init(
    _ settings: ManagedTurn, host: String, tls: PrecallServerConfiguration.TLSFiles?, logger: Logger
  ) async throws {
    self.program = try await Self.path(of: settings.program)
    self.settings = try await Self.withFreePorts(settings, host: host)
    addresses = try Self.addresses(of: host)
    self.tls = tls
    self.logger = logger
    secret = LinkToken().text + LinkToken().text
  }

  /// How a client at the other side reaches it: the best way first.
  func urls(host: String) -> [String] {
    let plain = ["udp", "tcp"].map { "turn:\(host):\(settings.port)?transport=\($0)" }
    return tls == nil ? plain : plain + ["turns:\(host):\(settings.tlsPort)?transport=tcp"]
  }

  func run() async throws {
    try? await cancelWhenGracefulShutdown { [self] in
      var delay = 1
      while !Task.isCancelled {
        let start = ContinuousClock.now
        do { try await serve() } catch { logger.debug("turnserver: \(error)") }
        up.withLock { $0 = false }
        try Task.checkCancellation()
        if ContinuousClock.now - start > .seconds(60) { delay = 1 }
        logger.warning("The TURN server has ended; I start it again in \(delay) s.")
        try await Task.sleep(for: .seconds(delay))
        delay = min(delay * 2, 30)
      }
    }
  }

  /// One life of the child.
  private func serve() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "precall-turn-\(LinkToken().text)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = TurnSettingsFile(settings: settings, addresses: addresses, secret: secret, tls: tls)
    // In a file that only we can read, since arguments are for everybody to see.
    try Data(file.text.utf8).write(to: folder.appending(path: "turn.conf"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: folder.appending(path: "turn.conf").path)
    _ = try await Subprocess.run(
      configuration(in: folder), input: .inputWriter, output: .sequence, error: .discarded
    ) {
      child in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { [self] in try await noticeReady() }
        // Its log names clients, so it is read and not kept; its end is the child's.
        for try await _ in child.standardOutput {}
        group.cancelAll()
      }
    }
  }

  private func configuration(in folder: URL) -> Subprocess.Configuration {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    options.processGroupID = 0
    return Subprocess.Configuration(
      executable: .path("/bin/sh"), arguments: ["-c", Self.watch, "precall-turn", program],
      environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]),
      workingDirectory: FilePath(folder.path), platformOptions: options)
  }

  /// Standard input is a pipe that ends with us, also where we are killed: then the child is ended.
  private static let watch = """
    exec 3<&0
    "$1" -c turn.conf 3<&- &
    server=$!
    (cat <&3 >/dev/null; kill $server) >/dev/null 2>&1 &
    watcher=$!
    exec 3<&-
    trap 'kill $server' TERM INT
    wait $server
    wait $server
    kill $watcher 2>/dev/null
    """

  private func noticeReady() async throws {
    while !Task.isCancelled {
      if let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(1)).connect(host: addresses[0], port: Int(settings.port)).get()
      {
        try? await channel.close()
        up.withLock { $0 = true }
        return
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}

// MARK: What it needs before it starts

extension ManagedTurnServer {
  private static func path(of program: String) async throws(ServerFailure) -> String {
    let executable = program.contains("/") ? Executable.path(FilePath(program)) : .name(program)
    guard let path = try? await executable.resolveExecutablePath(in: .inherit) else {
      throw ServerFailure(
        .unavailable,
        "I tried to start \(program), but it is not installed; install the package coturn, or name another "
          + "TURN server with --turn URL.")
    }
    return path.string
  }

  /// Ports that were free a moment ago, where any will do: coturn itself takes only numbers.
  private static func withFreePorts(_ settings: ManagedTurn, host: String) async throws -> ManagedTurn {
    var settings = settings
    if settings.port == 0 { settings.port = try await freePort(host) }
    if settings.tlsPort == 0 { settings.tlsPort = try await freePort(host) }
    return settings
  }

  private static func freePort(_ host: String) async throws -> UInt16 {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: host, port: 0).get()
    defer { channel.close(promise: nil) }
    return UInt16(channel.localAddress?.port ?? 0)
  }

  /// The addresses behind `host`: where it means all, each of this computer but loopback.
  private static func addresses(of host: String) throws -> [String] {
    guard host == "0.0.0.0" || host == "::" else {
      return [try SocketAddress.makeAddressResolvingHost(host, port: 0).ipAddress ?? host]
    }
    let all = try System.enumerateDevices().compactMap { $0.address?.ipAddress }
    let others = all.filter { !$0.hasPrefix("127.") && $0 != "::1" && !$0.hasPrefix("fe80") }
    return others.isEmpty ? ["127.0.0.1"] : others
  }
}
