import CLinuxNet
import Dispatch
import Logging
import PrecallWire
import ServiceLifecycle
import Synchronization

/// The session reflector on a UDP socket (RFC 8762 section 4.3), and STUN beside it, until it is told to stop.
final class Reflector: Service {
  let port: UInt16
  let sessions: ReflectorSessions
  let counters = ReflectorCounters()
  private let reflection: Reflection
  /// Taken by the thread that reflects, which closes it.
  private let socket: Mutex<ReflectorSocket?>
  private let stop: StopEvent
  private let logger: Logger

  /// Binds the socket, so that its port is known before the first ticket is made.
  init(
    host: String, port: UInt16, sessions: ReflectorSessions, stamp: StampConfiguration = StampConfiguration(),
    logger: Logger
  ) throws {
    let bound = try ReflectorSocket(host: host, port: port)
    stop = try StopEvent()
    self.port = bound.port
    socket = Mutex(bound)
    self.sessions = sessions
    self.logger = logger
    reflection = Reflection(
      sessions: sessions, errorEstimate: WallClock.errorEstimate, key: stamp.key.map { STAMPKey($0) },
      isOpen: stamp.isOpen)
  }

  func run() async {
    await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await reflectOnThread()
      } onGracefulShutdown: {
        self.stop.set()
      }
    } onCancel: {
      stop.set()
    }
    let counts = counters.counts
    logger.info(
      "The reflector has stopped: \(counts.reflected) packets reflected, \(counts.dropped) dropped.")
  }

  /// It has a thread of its own, which goes before those that are at work for long: what waited behind the encryption
  /// of a download would be taken for the line's delay.
  private func reflectOnThread() async {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "precall.reflector", qos: .userInteractive).async {
        self.reflect()
        continuation.resume()
      }
    }
  }

  private func reflect() {
    guard let socket = socket.withLock({ $0.take() }) else { return }
    precall_net_take_turns(100)
    var batch = PacketBatch()
    var packet = ArrivedPacket()
    while let count = batch.take(from: socket, until: stop) {
      for index in 0..<count {
        batch.read(index, into: &packet)
        do throws(Reflection.Refusal) {
          try reflection.reflect(&packet, clock: precall_net_monotonic)
        } catch {
          counters.count(error)
          continue
        }
        // One by one: gathering replies would put the wait between their stamp and their sending.
        let isSent = batch.answer(index, with: packet.octets, on: socket)
        isSent ? counters.countReflected() : counters.countUnsent()
      }
    }
  }
}
