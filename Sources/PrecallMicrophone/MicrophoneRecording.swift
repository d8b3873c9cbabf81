internal import CPulse
package import PrecallCore
internal import PrecallProbes

/// How long to listen.
package enum Listening: Sendable, Equatable {
  /// So long, whatever is heard.
  case exactly(Microseconds)
  /// Until two seconds with somebody speaking were heard, at the latest after `most`.
  case untilSpeech(most: Microseconds)

  package static let briefly = Listening.exactly(.seconds(2))
  package static let guided = Listening.untilSpeech(most: .seconds(8))

  var waitsForSpeech: Bool {
    if case .untilSpeech = self { true } else { false }
  }

  var most: Microseconds {
    switch self {
    case .exactly(let time), .untilSpeech(let time): time
    }
  }
}

/// One microphone check on a connected session, step by step; keeps what it has when a step fails.
final class MicrophoneRecording {
  private static let firstDataTime = Duration.seconds(3)
  private static let stallTime = Duration.seconds(2)
  private let asked: String?
  private let listening: Listening
  private let progress: @Sendable (Progress) -> Void
  private(set) var measurement = MicrophoneMeasurement()

  private let speaker: SpeakerTest
  private let processRoot: String

  init(
    source: String?, listening: Listening, speaker: SpeakerTest, processRoot: String,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    asked = source
    self.listening = listening
    self.speaker = speaker
    self.processRoot = processRoot
    self.progress = progress
  }

  func run(_ session: PulseSession) -> MicrophoneMeasurement {
    do throws(PulseStop) {
      progress(.step("connecting to the sound service"))
      try session.run { () throws(PulseStop) in
        let offered = try session.inventory()
        speaker.choose(from: offered)
        // A tone that no microphone hears is still a tone that the person hears.
        let stop = stopped { () throws(PulseStop) in try record(session, offered) }
        try speaker.play(on: session, heardBy: nil, progress)
        if case .failed(.unplugged)? = stop { nameNext(session) }
        if let stop { throw stop }
      }
    } catch {
      if case .failed(let failure) = error { measurement.failure = failure }
      if measurement.failure == .wrongUser { measurement.names.owner = session.address.ownerName }
    }
    if measurement.failure == .streamFailed {
      measurement.subject += Array(": \(session.errorText)".utf8)
    }
    measurement.speaker = speaker.facts
    lookForHolders()
    return measurement
  }

  /// With which microphone a call would go on.
  private func nameNext(_ session: PulseSession) {
    guard let name = try? session.inventory().defaultDescription, !name.isEmpty else { return }
    measurement.subject += Array("; calls would go on with \(name)".utf8)
  }

  /// A card that another program holds shows as no source, or as one that gives nothing.
  private func lookForHolders() {
    switch measurement.failure {
    case .noMicrophone, .onlyMonitors, .noData, .suspended, .stalled, .streamFailed: break
    default: return
    }
    let holders = SoundHolder.names(in: processRoot)
    measurement.facts.isHeldByProgram = !holders.isEmpty
    measurement.names.holders = Array(holders.joined(separator: ", ").utf8)
  }

  private func stopped(_ body: () throws(PulseStop) -> Void) -> PulseStop? {
    do throws(PulseStop) { try body() } catch { return error }
    return nil
  }

  private func record(_ session: PulseSession, _ offered: PulseInventory) throws(PulseStop) {
    let choice = MicrophoneChoice(
      asked: asked, sources: offered.sources, hidden: offered.hidingCard?.hidden,
      default: offered.defaultSource)
    measurement.names.hidingCard = Array((offered.hidingCard?.title ?? "").utf8)
    switch choice {
    case .none(let failure, let facts, let candidates):
      measurement.facts = facts
      let there = candidates.joined(separator: ", ")
      let isWrongName = failure == .notFound && !there.isEmpty
      measurement.subject = Array((isWrongName ? "\(asked ?? ""); there is: \(there)" : there).utf8)
      throw .failed(failure)
    case .chosen(let source, let facts):
      measurement.facts = facts
      measurement.names.ports = Array(source.portNames.utf8)
      measurement.subject = Array(source.description.utf8)
      measurement.names.defaultMicrophone = Array(offered.defaultDescription.utf8)
      measurement.names.filter = Array(source.path(among: offered.sources).utf8)
      progress(.testing(measurement.subject, facts.reason(isNamed: asked != nil)))
      // Muted is certain already: nothing can be heard.
      guard !source.isMuted, source.volume > .zero else { return }
      progress(.step("listening to the microphone"))
      do throws(PulseStop) {
        try listen(session, to: source)
      } catch .failed(.noData) where offered.lacksManager {
        throw .failed(.noSessionManager)
      }
    }
  }

  private func listen(_ session: PulseSession, to source: PulseSource) throws(PulseStop) {
    session.watchSources()
    if listening.waitsForSpeech { measurement.facts.wasAskedToSpeak = true }
    let recorder = try PulseRecorder(session, source: source, staysPut: asked != nil, progress: progress)
    defer {
      measurement.names.liveSide = recorder.meter.liveSide
      let sound = recorder.finish()
      if sound.samples > 0 { measurement.sound = sound }
      if recorder.wasMoved { measurement.facts.wasMoved = true }
      if let (share, error) = recorder.clock.deviation {
        measurement.facts.clock = share
        measurement.facts.clockError = error
      }
    }
    try start(session, recorder)
    if try isElsewhere(session, recorder, source) { return }
    try hear(session, recorder, source)
    measurement.facts.isStreamMuted = try session.isMuted(recording: recorder.outputIndex)
    try speaker.play(on: session, heardBy: recorder, progress)
  }

  private func start(_ session: PulseSession, _ recorder: PulseRecorder) throws(PulseStop) {
    let hasData = try session.wait(Self.firstDataTime) {
      recorder.meter.duration > .zero || !recorder.isAlive
    }
    guard recorder.isAlive else { throw .failed(recorder.failure(wasOpen: recorder.isReady)) }
    guard hasData else {
      if recorder.isSuspended { throw .failed(.suspended) }
      // Which of the two is silent: PipeWire opens no recording of a microphone that does not run.
      if !recorder.isReady { _ = try session.inventory() }
      throw .failed(.noData)
    }
  }

  private func hear(
    _ session: PulseSession, _ recorder: PulseRecorder, _ source: PulseSource
  ) throws(PulseStop) {
    // A source slower than real time must not keep the person waiting, and who was asked to speak not at all.
    let late = listening.waitsForSpeech ? .zero : Self.stallTime
    let end = ContinuousClock.now + .microseconds(listening.most.base) + late
    var isHeard = false
    var lastSound = ContinuousClock.now
    var at = recorder.sourceIndex
    while !hasEnough(recorder.meter), ContinuousClock.now < end {
      let before = recorder.meter.duration
      // Counted from the last sound, whatever else the server tells of the source meanwhile.
      let came = try session.wait(lastSound + Self.stallTime - .now) {
        recorder.meter.duration > before || !recorder.isAlive
          || session.changedSources.contains(recorder.sourceIndex) || recorder.sourceIndex != at
      }
      guard recorder.isAlive else { throw .failed(recorder.failure(wasOpen: true)) }
      guard came else { throw .failed(recorder.isSuspended ? .suspended : .stalled) }
      if recorder.meter.duration > before { lastSound = .now }
      if recorder.sourceIndex != at {
        if try isElsewhere(session, recorder, source) { return }
        at = recorder.sourceIndex
      }
      if try wasMuted(session, at) { return }
      progress(.done(Share(Int(recorder.meter.duration.base), of: Int(listening.most.base))))
      if !isHeard, listening.waitsForSpeech, recorder.meter.sound.hasVoice {
        isHeard = true
        progress(.step("I hear you; go on"))
      }
    }
  }

  /// Whether somebody muted the microphone while it was recorded: then nothing more is to be heard.
  private func wasMuted(_ session: PulseSession, _ index: UInt32) throws(PulseStop) -> Bool {
    guard session.changedSources.remove(index) != nil, let now = try session.source(index) else {
      return false
    }
    return isMuted(now)
  }

  /// Whether the server records another source than was chosen, since that went away, and nothing can be heard
  /// of it. Calls would go on with that one.
  private func isElsewhere(
    _ session: PulseSession, _ recorder: PulseRecorder, _ source: PulseSource
  ) throws(PulseStop) -> Bool {
    guard recorder.sourceIndex != source.index, let now = try session.source(recorder.sourceIndex) else {
      return false
    }
    // With the last microphone gone it would be the speakers that are recorded.
    if now.isMonitor, !source.isMonitor { throw .failed(.unplugged) }
    measurement.facts.wasMoved = true
    measurement.names.movedTo = Array(now.description.utf8)
    return isMuted(now)
  }

  private func isMuted(_ source: PulseSource) -> Bool {
    measurement.facts.isMuted = source.isMuted
    measurement.facts.volume = source.volume
    return source.isMuted || source.volume == .zero
  }

  private func hasEnough(_ meter: SoundMeter) -> Bool {
    if meter.duration >= listening.most { return true }
    guard listening.waitsForSpeech, meter.duration > .seconds(2) else { return false }
    // In 2 s of speech at least 1 s has a pitch; keys and other noise have none.
    let sound = meter.sound
    return sound.hasVoice && sound.voicedWindows * SoundWindow.milliseconds >= 1_000
  }
}
