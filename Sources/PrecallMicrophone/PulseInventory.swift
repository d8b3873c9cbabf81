internal import CPulse
internal import PrecallCore

/// What the sound server offers: its defaults, sources, sinks and cards.
struct PulseInventory: Sendable {
  var defaultSource: String?
  var defaultSink: String?
  var sources: [PulseSource] = []
  var sinks: [PulseSink] = []
  var cards: [PulseCard] = []
  /// Which source the filter of a PipeWire link group records, and which one it was told to.
  var filtered: [String: (number: UInt32, target: String?)] = [:]
  /// PipeWire without its session manager names placeholders as its defaults, and starts no stream.
  var lacksManager: Bool { defaultSource == Self.noSource || defaultSink == "@DEFAULT_SINK@" }
  /// What a person calls the default microphone.
  var defaultDescription: String {
    sources.first { $0.name == defaultSource && !$0.isMonitor }?.description ?? ""
  }
  /// The card that explains best why a device that is connected offers no microphone.
  var hidingCard: PulseCard? {
    cards.filter { $0.hidden != nil }.min { ($0.hidden?.rawValue ?? 0) < ($1.hidden?.rawValue ?? 0) }
  }
  static let noSource = "@DEFAULT_SOURCE@"
  /// Whether the recording that was asked about is muted.
  var isRecordingMuted = false
}

extension PulseInventory {
  /// PulseAudio names the source behind a filter; of PipeWire's it is the one that the filter's other end records.
  fileprivate mutating func findMasters() {
    for index in sources.indices where sources[index].master == nil {
      guard let group = sources[index].linkGroup, let (number, target) = filtered[group] else { continue }
      // A filter that nobody listens to may be linked to nothing yet.
      let master = sources.first { $0.index == number } ?? sources.first { $0.name == target }
      sources[index].master = master?.name
    }
  }
}

/// Gathers the answers to questions asked of the server; lives until the last answer is there.
private final class Answers {
  var inventory = PulseInventory()
  var open = 0
  let session: PulseSession
  init(_ session: PulseSession) { self.session = session }

  func close() {
    open -= 1
    session.signal()
  }

  static func of(_ pointer: UnsafeMutableRawPointer?) -> Answers {
    guard let pointer = unsafe pointer else { preconditionFailure("libpulse lost its user data") }
    return unsafe Unmanaged<Answers>.fromOpaque(pointer).takeUnretainedValue()
  }
}

extension PulseSession {
  private static let answerTime = Duration.seconds(3)

  /// Asks for everything at once and waits for all answers.
  func inventory() throws(PulseStop) -> PulseInventory {
    var inventory = try unsafe ask { context, me in
      unsafe [
        pa_context_get_source_output_info_list(
          context, { _, info, end, me in unsafe filterAnswered(info, end, me) }, me),
        pa_context_get_server_info(context, { _, info, me in unsafe serverAnswered(info, me) }, me),
        pa_context_get_source_info_list(
          context, { _, info, end, me in unsafe sourceAnswered(info, end, me) }, me),
        pa_context_get_sink_info_list(
          context, { _, info, end, me in unsafe sinkAnswered(info, end, me) }, me),
        pa_context_get_card_info_list(
          context, { _, info, end, me in unsafe cardAnswered(info, end, me) }, me),
      ]
    }
    inventory.findMasters()
    return inventory
  }

  /// The source as it is now; nothing where it is gone.
  func source(_ index: UInt32) throws(PulseStop) -> PulseSource? {
    try unsafe ask { context, me in
      unsafe [
        pa_context_get_source_info_by_index(
          context, index, { _, info, end, me in unsafe sourceAnswered(info, end, me) }, me)
      ]
    }.sources.first
  }

  /// Whether the person or the server's memory muted this one recording.
  func isMuted(recording index: UInt32) throws(PulseStop) -> Bool {
    try unsafe ask { context, me in
      unsafe [
        pa_context_get_source_output_info(
          context, index, { _, info, end, me in unsafe recordingAnswered(info, end, me) }, me)
      ]
    }.isRecordingMuted
  }

  /// From now on, notes in `changedSources` which sources change.
  func watchSources() {
    let changed: pa_context_subscribe_cb_t = { _, event, index, me in
      let session = unsafe PulseSession.of(me)
      guard event.rawValue & PA_SUBSCRIPTION_EVENT_TYPE_MASK.rawValue == PA_SUBSCRIPTION_EVENT_CHANGE.rawValue
      else { return }
      session.changedSources.insert(index)
      session.signal()
    }
    unsafe pa_context_set_subscribe_callback(context, changed, pointer)
    if let operation = unsafe pa_context_subscribe(context, PA_SUBSCRIPTION_MASK_SOURCE, nil, nil) {
      unsafe pa_operation_unref(operation)
    }
  }

  private func ask(
    _ questions: (OpaquePointer, UnsafeMutableRawPointer) -> [OpaquePointer?]
  ) throws(PulseStop) -> PulseInventory {
    let answers = Answers(self)
    let operations = unsafe questions(context, Unmanaged.passUnretained(answers).toOpaque())
    unsafe answers.open += operations.count { unsafe $0 != nil }
    defer {
      unsafe operations.forEach { operation in
        guard let operation = unsafe operation else { return }
        unsafe pa_operation_cancel(operation)
        unsafe pa_operation_unref(operation)
      }
      withExtendedLifetime(answers) {}
    }
    let isDone = try wait(Self.answerTime) { answers.open <= 0 || !self.isAlive }
    guard isAlive else { throw .failed(.serverDied) }
    guard isDone else { throw .failed(.serverSilent) }
    return answers.inventory
  }
}

private func serverAnswered(_ info: UnsafePointer<pa_server_info>?, _ me: UnsafeMutableRawPointer?) {
  let answers = unsafe Answers.of(me)
  if let name = unsafe info?.pointee.default_source_name {
    answers.inventory.defaultSource = unsafe String(cString: name)
  }
  if let name = unsafe info?.pointee.default_sink_name {
    answers.inventory.defaultSink = unsafe String(cString: name)
  }
  answers.close()
}

private func sinkAnswered(
  _ info: UnsafePointer<pa_sink_info>?, _ end: CInt, _ me: UnsafeMutableRawPointer?
) {
  let answers = unsafe Answers.of(me)
  if end != 0 { return answers.close() }
  if let info = unsafe info { answers.inventory.sinks.append(unsafe PulseSink(info.pointee)) }
}

private func sourceAnswered(
  _ info: UnsafePointer<pa_source_info>?, _ end: CInt, _ me: UnsafeMutableRawPointer?
) {
  let answers = unsafe Answers.of(me)
  if end != 0 { return answers.close() }
  if let info = unsafe info { answers.inventory.sources.append(unsafe PulseSource(info.pointee)) }
}

private func cardAnswered(
  _ info: UnsafePointer<pa_card_info>?, _ end: CInt, _ me: UnsafeMutableRawPointer?
) {
  let answers = unsafe Answers.of(me)
  if end != 0 { return answers.close() }
  if let info = unsafe info { answers.inventory.cards.append(unsafe PulseCard(info.pointee)) }
}

private func filterAnswered(
  _ info: UnsafePointer<pa_source_output_info>?, _ end: CInt, _ me: UnsafeMutableRawPointer?
) {
  let answers = unsafe Answers.of(me)
  if end != 0 { return answers.close() }
  guard let info = unsafe info else { return }
  let properties = unsafe PulseProperties(info.pointee.proplist)
  guard let group = properties["node.link-group"] else { return }
  answers.inventory.filtered[group] = unsafe (info.pointee.source, properties["target.object"])
}

private func recordingAnswered(
  _ info: UnsafePointer<pa_source_output_info>?, _ end: CInt, _ me: UnsafeMutableRawPointer?
) {
  let answers = unsafe Answers.of(me)
  if end != 0 { return answers.close() }
  if let info = unsafe info { answers.inventory.isRecordingMuted = unsafe info.pointee.mute != 0 }
}
