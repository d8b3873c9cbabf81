import Foundation
import PrecallCore
import PrecallMicrophone
import PrecallProbes
import PrecallTestSupport
import Synchronization
import Testing

/// A sound server with a microphone, and the fault in it.
final class MicrophoneCase: Sendable {
  let daemon: any PrivateSoundServer
  private let device: (any Sendable)?
  private let feeders = Mutex<[VirtualMicrophone]>([])

  /// A microphone named "microphone" where `modules` is not given.
  init(
    on kind: SoundServerKind = .pulseAudio, modules: [String] = [VirtualMicrophone.module("microphone")],
    default name: String? = "microphone"
  ) throws {
    daemon = try kind.start(modules)
    device = nil
    if let name { try daemon.makeDefault(source: name) }
  }

  /// `device` stays as long as the case.
  init(daemon: any PrivateSoundServer, beside device: (any Sendable)? = nil) {
    self.daemon = daemon
    self.device = device
  }

  /// A microphone on PipeWire that is a program of its own, as its test wants to have it.
  convenience init(
    onCardSpeaking samples: [Int16], _ prepare: (PipeWireMicrophone) throws -> Void = { _ in }
  ) throws {
    let pipeWire = try PrivatePipeWire()
    let card = try PipeWireMicrophone(samples, on: pipeWire, named: "card")
    try prepare(card)
    self.init(daemon: pipeWire, beside: card)
  }

  convenience init(
    on kind: SoundServerKind = .pulseAudio, speaking samples: [Int16], pace: VirtualMicrophone.Pace = .init()
  ) throws {
    try self.init(on: kind)
    try feed(samples, pace: pace)
  }

  func feed(
    _ samples: [Int16], to name: String = "microphone", rate: Int = 48_000, channels: Int = 1,
    pace: VirtualMicrophone.Pace = .init()
  ) throws {
    let feeder = try VirtualMicrophone(
      samples, into: daemon, named: name, rate: rate, channels: channels, pace: pace)
    feeders.withLock { $0.append(feeder) }
  }

  /// Plugs in a microphone that becomes the default; gives the module that is to be unloaded to unplug it.
  func plugInDefault(_ name: String, speaking samples: [Int16]) throws -> String {
    let module = try daemon.load(VirtualMicrophone.module(name))
    try daemon.control("set-default-source", name)
    try feed(samples, to: name)
    return module
  }

  /// Ends what is fed: no more sound comes then.
  func hush() {
    for feeder in feeders.withLock({ $0 }) { feeder.stop() }
  }

  /// Measures; `fault` happens as soon as so many levels have come, each of 50 ms of sound, and is over when
  /// this returns.
  func measure(
    source: String? = nil, listening: Listening = .briefly, after levels: Int = 1,
    fault: (@Sendable (any PrivateSoundServer) throws -> Void)? = nil
  ) async -> MicrophoneMeasurement {
    let heard = Mutex(0)
    let (over, ending) = AsyncStream.makeStream(of: Void.self)
    let probe = MicrophoneProbe(source: source, server: daemon.server, listening: listening)
    let measurement = await probe.measure { [daemon] progress in
      guard case .level = progress, let fault, heard.withLock({ $0.increments(to: levels) }) else { return }
      Thread {
        do { try fault(daemon) } catch { Issue.record(error) }
        ending.finish()
      }.start()
    }
    if heard.withLock({ $0 < levels }) || fault == nil { ending.finish() }
    for await _ in over {}
    return measurement
  }

  deinit {
    hush()
    daemon.shutDown()
  }
}

extension MicrophoneMeasurement {
  /// The codes of all that was found, without "microphone.".
  var codes: [String] {
    assessed(by: .standard).findings.map { String(decoding: $0.kind.code.bytes.dropFirst(11), as: UTF8.self) }
  }
}

extension Int {
  /// One more; true where that makes it `number`.
  fileprivate mutating func increments(to number: Int) -> Bool {
    self += 1
    return self == number
  }
}
