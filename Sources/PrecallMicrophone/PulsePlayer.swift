internal import CPulse
internal import PrecallCore

/// One playback of a short sound, handed to the sound server as a whole.
@safe final class PulsePlayer {
  private static let sampleRate = 48_000
  private static let readyTime = Duration.seconds(3)
  private let session: PulseSession
  private var draining: OpaquePointer?
  private let stream: OpaquePointer
  /// Whether the last of the sound has left the sound server.
  private(set) var hasPlayed = false

  /// Opens `sink` and plays the test tone.
  init(_ session: PulseSession, sink: PulseSink) throws(PulseStop) {
    self.session = session
    var spec = pa_sample_spec(format: PA_SAMPLE_FLOAT32LE, rate: UInt32(Self.sampleRate), channels: 1)
    guard let stream = unsafe pa_stream_new(session.context, "Speaker check", &spec, nil) else {
      throw .failed(.streamFailed)
    }
    unsafe self.stream = stream
    let me = unsafe session.pointer
    unsafe pa_stream_set_state_callback(stream, { _, me in unsafe PulseSession.of(me).signal() }, me)
    let tone = TestTone.samples(sampleRate: Self.sampleRate)
    let size = tone.count * MemoryLayout<Float>.size
    // A short buffer keeps the tone within the delays that are listened for.
    let flags = pa_stream_flags_t(PA_STREAM_DONT_MOVE.rawValue | PA_STREAM_ADJUST_LATENCY.rawValue)
    var attributes = pa_buffer_attr(
      maxlength: .max, tlength: UInt32(size / 5), prebuf: 0, minreq: .max, fragsize: .max)
    guard
      unsafe pa_stream_connect_playback(stream, sink.name, &attributes, flags, nil, nil) >= 0,
      try session.wait(Self.readyTime, for: { self.state == PA_STREAM_READY || !self.isAlive }), isAlive,
      unsafe tone.withUnsafeBytes({
        unsafe pa_stream_write(stream, $0.baseAddress, size, nil, 0, PA_SEEK_RELATIVE)
      }) == 0
    else { throw .failed(.streamFailed) }
    drain()
  }

  /// A device that is suspended takes the sound and never plays it: only the answer to this says that it did.
  private func drain() {
    let me = unsafe Unmanaged.passUnretained(self).toOpaque()
    let played: pa_stream_success_cb_t = { _, success, me in
      guard success != 0, let me = unsafe me else { return }
      let player = unsafe Unmanaged<PulsePlayer>.fromOpaque(me).takeUnretainedValue()
      player.hasPlayed = true
      player.session.signal()
    }
    unsafe draining = pa_stream_drain(stream, played, me)
  }

  private var state: pa_stream_state_t { unsafe pa_stream_get_state(stream) }

  var isAlive: Bool { session.isAlive && state != PA_STREAM_FAILED && state != PA_STREAM_TERMINATED }

  deinit {
    if let draining = unsafe draining {
      unsafe pa_operation_cancel(draining)
      unsafe pa_operation_unref(draining)
    }
    unsafe pa_stream_set_state_callback(stream, nil, nil)
    unsafe pa_stream_disconnect(stream)
    unsafe pa_stream_unref(stream)
  }
}
