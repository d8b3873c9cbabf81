import Logging
import NIOCore
import NIOPosix
import PrecallWire
import ServiceLifecycle

/// The bound UDP socket, reflecting until it is told to stop.
struct Reflector: Service {
  let port: UInt16
  let sessions: ReflectorSessions
  let counters: ReflectorCounters
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let logger: Logger

  /// Binds the socket, so that its port is known before the first ticket is made. It has a thread of its own: what
  /// waited behind the encryption of a download would be taken for the line's delay.
  init(
    host: String, port: UInt16, sessions: ReflectorSessions, stamp: StampConfiguration = StampConfiguration(),
    logger: Logger
  ) async throws {
    let counters = ReflectorCounters()
    let reflection = Reflection(
      sessions: sessions, errorEstimate: WallClock.errorEstimate, key: stamp.key.map { STAMPKey($0) },
      isOpen: stamp.isOpen)
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      channel = try await Self.bound(host, port, group, reflection, counters)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
    self.port = UInt16(channel.localAddress?.port ?? Int(port))
    self.sessions = sessions
    self.counters = counters
    self.logger = logger
  }

  private static func bound(
    _ host: String, _ port: UInt16, _ group: MultiThreadedEventLoopGroup, _ reflection: Reflection,
    _ counters: ReflectorCounters
  ) async throws -> any Channel {
    try await DatagramBootstrap(group: group)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 2_048))
      .channelOption(.socketOption(.so_rcvbuf), value: 1 << 20)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ReflectorHandler(reflection: reflection, counters: counters))
        }
      }
      .bind(host: host, port: Int(port)).get()
  }

  func run() async throws {
    try? await gracefulShutdown()
    await close()
    let counts = counters.counts
    logger.info(
      "The reflector has stopped: \(counts.reflected) packets reflected, \(counts.dropped) dropped.")
  }

  /// Ending the thread closes the socket. May be called again: to ask the socket itself would then never be answered.
  func close() async { try? await group.shutdownGracefully() }
}
