internal import PrecallCore
internal import PrecallProbes

/// What is asked of the speaker, beside the microphone.
package enum SpeakerCheck: Sendable {
  case none
  /// Whether there is one, and whether it is turned on.
  case settings
  /// The same, and it plays a tone of half a second, which the microphone listens for.
  case tone
}

/// The speaker's part of one check: what is known of it, and its tone.
final class SpeakerTest {
  /// The tone, the longest delay that is listened for, and time for the sound server.
  private static let listenTime = Duration.seconds(4)
  private static let playTime = Duration.seconds(2)
  private let asked: String?
  private let check: SpeakerCheck
  private var sink: PulseSink?
  /// Nothing where the speaker was not asked about.
  private(set) var facts: SpeakerFacts?

  init(_ check: SpeakerCheck, sink asked: String?) {
    self.check = check
    self.asked = asked
  }

  /// Chooses among what the server offers.
  func choose(from offered: PulseInventory) {
    // Without its session manager PipeWire has no speaker to name, and that is said of the microphone already.
    guard check != .none, !offered.lacksManager else { return }
    var facts = SpeakerFacts()
    let real = offered.sinks.filter { !$0.isDummy }
    let meant = asked.map { real.meant(by: $0) } ?? real.filter { $0.name == offered.defaultSink }
    let found = asked == nil && meant.isEmpty ? Array(real.prefix(1)) : meant
    if found.count == 1 {
      sink = found[0]
      facts.isMuted = found[0].isMuted
      facts.volume = found[0].volume
      facts.subject = Array(found[0].description.utf8)
    } else if found.isEmpty {
      facts.failure = asked == nil ? .noSpeaker : .notFound
      facts.subject = asked == nil ? [] : Array(real.titles.joined(separator: ", ").utf8)
    } else {
      facts.failure = .ambiguous
      let candidates = zip(found, found.titles).map { "\($0.index): \($1)" }
      facts.subject = Array(candidates.joined(separator: ", ").utf8)
    }
    self.facts = facts
  }

  /// The speaker to play the tone on, once; nothing where none is to be played, or nobody would hear it.
  private var sinkForTone: PulseSink? {
    guard check == .tone, let facts, facts.wasPlayed == nil, facts.isMuted == false, facts.volume != .zero
    else { return nil }
    return sink
  }

  /// Plays the tone, and finds it in what `recorder` hears; without a recorder it is only played.
  func play(
    on session: PulseSession, heardBy recorder: PulseRecorder?,
    _ progress: @Sendable (Progress) -> Void
  ) throws(PulseStop) {
    guard let sink = sinkForTone else { return }
    progress(.step("playing a short test sound"))
    facts?.wasPlayed = false
    do {
      let player = try PulsePlayer(session, sink: sink)
      recorder?.listenForTone()
      _ = try session.wait(recorder == nil ? Self.playTime : Self.listenTime) {
        let isHeard = recorder.map { $0.hasHeardTone || !$0.isAlive } ?? true
        return !player.isAlive || player.hasPlayed && isHeard
      }
      facts?.wasPlayed = player.hasPlayed
    } catch {
      if case .cancelled = error { throw error }
    }
    if facts?.wasPlayed == false { facts?.failure = .streamFailed }
    facts?.echo = recorder?.finishTone()
  }
}
