internal import CPulse
internal import PrecallCore
internal import PrecallProbes

/// One recording. Its callbacks reduce the sound to numbers on libpulse's thread, straight from the server's
/// memory block: no copy of the sound is made, and the block goes back to libpulse at once.
@safe final class PulseRecorder {
  /// As a live meter wants it: each block wakes two threads, which costs more than all that is measured in it.
  private static let blockMilliseconds = 40
  private let session: PulseSession
  private let stream: OpaquePointer
  private let isShort: Bool
  private let progress: @Sendable (Progress) -> Void
  private(set) var meter: SoundMeter
  private(set) var wasMoved = false
  /// While it is there, the sound goes to it alone.
  private var tone: EchoMeter?
  private var windowsShown = 0
  private var soundSignalled = Microseconds.zero
  private var firstData: ContinuousClock.Instant?
  /// How much sound the server left out, in holes that it told of.
  private var missing = Microseconds.zero
  private(set) var clock = SampleClock()

  /// Opens `source`; where `staysPut`, losing it ends the recording instead of moving it elsewhere.
  init(
    _ session: PulseSession, source: PulseSource, staysPut: Bool,
    progress: @escaping @Sendable (Progress) -> Void
  ) throws(PulseStop) {
    self.session = session
    self.progress = progress
    isShort = source.isShort
    meter = SoundMeter(sampleRate: Int(source.sampleRate), channels: Int(source.channels))
    let format = source.isShort ? PA_SAMPLE_S16LE : PA_SAMPLE_FLOAT32LE
    var spec = pa_sample_spec(format: format, rate: source.sampleRate, channels: source.channels)
    var map = source.map
    guard let stream = unsafe pa_stream_new(session.context, "Microphone check", &spec, &map) else {
      throw .failed(.streamFailed)
    }
    unsafe self.stream = stream
    let me = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe pa_stream_set_state_callback(stream, { _, me in unsafe PulseRecorder.of(me).session.signal() }, me)
    unsafe pa_stream_set_suspended_callback(
      stream, { _, me in unsafe PulseRecorder.of(me).session.signal() }, me)
    unsafe pa_stream_set_moved_callback(stream, { _, me in unsafe PulseRecorder.of(me).wasMoved = true }, me)
    unsafe pa_stream_set_read_callback(stream, { _, _, me in unsafe PulseRecorder.of(me).read() }, me)
    try connect(source.name, spec: spec, staysPut: staysPut)
  }

  private func connect(_ name: String, spec: pa_sample_spec, staysPut: Bool) throws(PulseStop) {
    var spec = spec
    // Without a small fragment and ADJUST_LATENCY sound comes in lumps of up to two seconds.
    let fragment = unsafe pa_usec_to_bytes(UInt64(Self.blockMilliseconds) * 1_000, &spec)
    var attributes = pa_buffer_attr(
      maxlength: .max, tlength: .max, prebuf: .max, minreq: .max, fragsize: UInt32(fragment))
    let flags = PA_STREAM_ADJUST_LATENCY.rawValue | (staysPut ? PA_STREAM_DONT_MOVE.rawValue : 0)
    let result = unsafe pa_stream_connect_record(stream, name, &attributes, pa_stream_flags_t(flags))
    if result < 0 { throw .failed(.streamFailed) }
  }

  deinit {
    unsafe pa_stream_set_state_callback(stream, nil, nil)
    unsafe pa_stream_set_suspended_callback(stream, nil, nil)
    unsafe pa_stream_set_moved_callback(stream, nil, nil)
    unsafe pa_stream_set_read_callback(stream, nil, nil)
    unsafe pa_stream_disconnect(stream)
    unsafe pa_stream_unref(stream)
  }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> PulseRecorder {
    guard let pointer = unsafe pointer else { preconditionFailure("libpulse lost its user data") }
    return unsafe Unmanaged<PulseRecorder>.fromOpaque(pointer).takeUnretainedValue()
  }
}

// MARK: State

extension PulseRecorder {
  var isReady: Bool { unsafe pa_stream_get_state(stream) == PA_STREAM_READY }
  var isAlive: Bool {
    let state = unsafe pa_stream_get_state(stream)
    return session.isAlive && state != PA_STREAM_FAILED && state != PA_STREAM_TERMINATED
  }
  var isSuspended: Bool { unsafe isReady && pa_stream_is_suspended(stream) > 0 }
  var sourceIndex: UInt32 { unsafe pa_stream_get_device_index(stream) }
  /// The number of this recording, by which the server knows its own mute.
  var outputIndex: UInt32 { unsafe pa_stream_get_index(stream) }

  /// Why the stream is no longer alive.
  func failure(wasOpen: Bool) -> MicrophoneFailure {
    guard session.isAlive else { return .serverDied }
    switch session.errorNumber {
    case PA_ERR_KILLED: return .unplugged
    case PA_ERR_NOENTITY: return wasOpen ? .unplugged : .notFound
    case PA_ERR_ACCESS: return .accessRefused
    case PA_ERR_CONNECTIONTERMINATED: return .serverDied
    case PA_ERR_BADSTATE: return .suspended
    default: return .streamFailed
    }
  }
}

// MARK: The speaker's tone

extension PulseRecorder {
  /// From now on the sound is searched for the test tone, and no longer metered.
  func listenForTone() {
    tone = EchoMeter(sampleRate: meter.sampleRate, channels: meter.channels, heard: meter.loudest)
  }

  /// Whether the tone would have come by now.
  var hasHeardTone: Bool { tone?.isDone == true }

  /// How loud the tone came back; nothing where it was not found.
  func finishTone() -> Decibels? {
    defer { tone?.wipe() }
    return hasHeardTone ? tone?.echo : nil
  }
}

// MARK: Data

extension PulseRecorder {
  private func read() {
    while unsafe pa_stream_readable_size(stream) > 0 {
      var block: UnsafeRawPointer?
      var size = 0
      guard unsafe pa_stream_peek(stream, &block, &size) == 0, size > 0 else { break }
      if let block = unsafe block {
        unsafe take(UnsafeRawBufferPointer(start: block, count: size))
      } else {
        meter.gaps += 1
        missing = missing + duration(of: size)
      }
      unsafe pa_stream_drop(stream)
    }
    guard tone == nil else { return session.signal() }
    noteTime()
    showLevel()
    signalNow(and: .milliseconds(100))
  }

  /// Wakes the waiting thread at the first sound, and then after so much more of it: waking it for each block
  /// costs more than all that is measured.
  private func signalNow(and interval: Microseconds) {
    guard soundSignalled == .zero || meter.duration - soundSignalled >= interval else { return }
    soundSignalled = meter.duration
    session.signal()
  }

  private func take(_ block: UnsafeRawBufferPointer) {
    if isShort {
      unsafe block.withMemoryRebound(to: Int16.self) { samples in
        if tone == nil { unsafe meter.take(samples.span) } else { unsafe tone?.take(samples.span) }
      }
    } else {
      unsafe block.withMemoryRebound(to: Float.self) { samples in
        if tone == nil { unsafe meter.take(samples.span) } else { unsafe tone?.take(samples.span) }
      }
    }
  }

  private func duration(of bytes: Int) -> Microseconds {
    let frame = meter.channels * (isShort ? MemoryLayout<Int16>.size : MemoryLayout<Float>.size)
    return Microseconds(base: Int64(bytes / frame) * 1_000_000 / Int64(meter.sampleRate))
  }

  private func noteTime() {
    let now = ContinuousClock.now
    let start = firstData ?? now
    firstData = start
    clock.take(sound: (meter.duration + missing).inSeconds, at: (now - start) / .seconds(1))
  }

  private func showLevel() {
    let windows = Int(meter.duration.inMilliseconds) / 50
    guard windows > windowsShown, let level = meter.latestLevel else { return }
    windowsShown = windows
    progress(.level(level))
  }

  /// Ends the metering: what was heard, with the gaps in it.
  func finish() -> Sound {
    // What is lost comes with a stall as a rule: one and the same break.
    meter.gaps += max(clock.losses, clock.stalls)
    meter.wipe()
    return meter.sound
  }
}
