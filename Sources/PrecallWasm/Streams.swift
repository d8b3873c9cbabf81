/// Sound and pictures while they come, reduced to numbers: one stream of each, in static memory, since every
/// thread of the page that needs one has an instance of the engine for itself.
private nonisolated(unsafe) var meter = SoundMeter(sampleRate: 48_000, channels: 1)
private nonisolated(unsafe) var taker = FrameTaker()

/// Begins to listen anew.
@_expose(wasm, "precall_sound_begin") @_cdecl("precall_sound_begin")
public func beginSound(_ sampleRate: Int32) {
  unsafe meter = SoundMeter(sampleRate: Int(sampleRate), channels: 1)
}

/// Takes `count` samples (32-bit floats) and overwrites them.
@_expose(wasm, "precall_sound_take") @_cdecl("precall_sound_take")
public func takeSound(_ pointer: UnsafeMutableRawPointer?, _ count: Int32) {
  guard let pointer = unsafe pointer, count > 0, count <= 1 << 20 else { return }
  let samples = unsafe UnsafeMutableBufferPointer(
    start: pointer.assumingMemoryBound(to: Float.self), count: Int(count))
  unsafe meter.take(Span(_unsafeElements: UnsafeBufferPointer(samples)))
  unsafe samples.update(repeating: 0)
}

/// The level of the last whole window in thousandths of dBFS: what a live meter shows.
@_expose(wasm, "precall_sound_level") @_cdecl("precall_sound_level")
public func soundLevel() -> Int32 {
  Int32(unsafe (meter.latestLevel ?? .silence).base)
}

/// What was heard, as the `sound` of a measurement, in an answer like that of `precall_judge`.
@_expose(wasm, "precall_sound_end") @_cdecl("precall_sound_end")
public func endSound() -> UnsafeMutableRawPointer {
  var json = JSONWriter()
  let sound = unsafe meter.sound
  json.object { sound.write(to: &$0) }
  unsafe meter.wipe()
  return unsafe answer(json.text)
}

/// Begins to look anew.
@_expose(wasm, "precall_frames_begin") @_cdecl("precall_frames_begin")
public func beginFrames() { unsafe taker = FrameTaker() }

/// Takes an RGBA picture that came `time` microseconds after the start, and overwrites it.
@_expose(wasm, "precall_frames_take") @_cdecl("precall_frames_take")
public func takeFrame(_ pointer: UnsafeMutableRawPointer?, _ width: Int32, _ height: Int32, _ time: Double) {
  guard let pointer = unsafe pointer, (2...4_096).contains(width), (2...4_096).contains(height),
    (0...1e12).contains(time)
  else { return }
  let bytes = unsafe UnsafeMutableBufferPointer(
    start: pointer.assumingMemoryBound(to: UInt8.self), count: Int(width) * Int(height) * 4)
  unsafe taker.take(
    Span(_unsafeElements: UnsafeBufferPointer(bytes)), width: Int(width), height: Int(height),
    at: Microseconds(base: Int64(time)))
  unsafe bytes.update(repeating: 0)
}

/// What was seen, as a camera's measurement without its facts.
@_expose(wasm, "precall_frames_end") @_cdecl("precall_frames_end")
public func endFrames() -> UnsafeMutableRawPointer {
  var json = JSONWriter()
  let frames = unsafe taker.frames
  json.object { CameraMeasurement(frames: frames).write(to: &$0) }
  return unsafe answer(json.text)
}
