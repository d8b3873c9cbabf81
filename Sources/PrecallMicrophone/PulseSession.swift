internal import CPulse
internal import PrecallCore
internal import Synchronization

/// Why a session ended before its work was done.
enum PulseStop: Error {
  case failed(MicrophoneFailure)
  case cancelled
}

/// A connection to the sound server on libpulse's own thread.
///
/// One thread uses it, and blocks only in `wait`, which always has a deadline and ends at once on `cancel`.
/// Callbacks run on libpulse's thread with the loop's lock held: the lock guards everything here, which is
/// why the class may be called sendable.
@safe final class PulseSession: @unchecked Sendable {
  static let connectTime = Duration.seconds(3)
  private let loop: OpaquePointer
  private(set) var context: OpaquePointer
  let address: SoundServerAddress
  private let isCancelled = Atomic(false)
  /// The sources that changed since `watchSources`, by number; the reader takes out what it has seen.
  var changedSources: Set<UInt32> = []

  /// Nothing where libpulse finds no memory for it.
  init?(server: String?) {
    guard let loop = unsafe pa_threaded_mainloop_new() else { return nil }
    guard let context = unsafe pa_context_new(pa_threaded_mainloop_get_api(loop), "Precall") else {
      unsafe pa_threaded_mainloop_free(loop)
      return nil
    }
    unsafe self.loop = loop
    unsafe self.context = context
    address = SoundServerAddress(server: server)
  }

  deinit {
    unsafe pa_context_unref(context)
    unsafe pa_threaded_mainloop_free(loop)
  }

  /// Ends the wait that goes on, and all to come. From any thread.
  func cancel() {
    isCancelled.store(true, ordering: .relaxed)
    unsafe pa_threaded_mainloop_lock(loop)
    signal()
    unsafe pa_threaded_mainloop_unlock(loop)
  }

  /// Connects, runs `body` and disconnects. Blocks; never called on the cooperative pool.
  func run<Result>(_ body: () throws(PulseStop) -> Result) throws(PulseStop) -> Result {
    if address.isForeign { throw .failed(.wrongUser) }
    unsafe pa_threaded_mainloop_lock(loop)
    guard unsafe pa_threaded_mainloop_start(loop) == 0 else {
      unsafe pa_threaded_mainloop_unlock(loop)
      throw .failed(.streamFailed)
    }
    defer { close() }
    try connect()
    return try body()
  }

  private func close() {
    unsafe pa_context_set_state_callback(context, nil, nil)
    unsafe pa_context_set_subscribe_callback(context, nil, nil)
    unsafe pa_context_disconnect(context)
    unsafe pa_threaded_mainloop_unlock(loop)
    unsafe pa_threaded_mainloop_stop(loop)
  }

  private func connect() throws(PulseStop) {
    unsafe pa_context_set_state_callback(context, { _, me in unsafe PulseSession.of(me).signal() }, pointer)
    // Without autospawn: forking a server is not ours to do, and has no deadline.
    guard unsafe pa_context_connect(context, address.server, PA_CONTEXT_NOAUTOSPAWN, nil) >= 0 else {
      throw .failed(connectFailure)
    }
    let isDone = try wait(Self.connectTime) { self.isReady || !self.isAlive }
    guard isDone else { throw .failed(.serverSilent) }
    guard isReady else { throw .failed(connectFailure) }
  }

  private var connectFailure: MicrophoneFailure {
    switch pa_error_code_t(rawValue: UInt32(unsafe pa_context_errno(context))) {
    case PA_ERR_ACCESS, PA_ERR_AUTHKEY: .accessRefused
    case PA_ERR_TIMEOUT: .serverSilent
    // The socket takes connections, yet the server hangs up before it has let us in.
    default: address.failure ?? .serverFull
    }
  }

  var isReady: Bool { unsafe pa_context_get_state(context) == PA_CONTEXT_READY }
  var isAlive: Bool {
    let state = unsafe pa_context_get_state(context)
    return state != PA_CONTEXT_FAILED && state != PA_CONTEXT_TERMINATED
  }
  /// The sound server's last error number for this connection.
  var errorNumber: pa_error_code_t { pa_error_code_t(rawValue: UInt32(unsafe pa_context_errno(context))) }
  /// The same in libpulse's words.
  var errorText: String { unsafe String(cString: pa_strerror(pa_context_errno(context))) }
}

// MARK: Waiting

extension PulseSession {
  /// Whether `condition` held within `time`; it is asked after every callback.
  func wait(_ time: Duration, for condition: () -> Bool) throws(PulseStop) -> Bool {
    let end = ContinuousClock.now + time
    let microseconds = UInt64(max(0, time / .microseconds(1)))
    let timer = unsafe pa_context_rttime_new(
      context, pa_rtclock_now() + microseconds, { _, _, _, me in unsafe PulseSession.of(me).signal() },
      pointer)
    defer {
      if let timer = unsafe timer, let api = unsafe pa_threaded_mainloop_get_api(loop) {
        unsafe api.pointee.time_free(timer)
      }
    }
    while true {
      if isCancelled.load(ordering: .relaxed) { throw .cancelled }
      if condition() { return true }
      if ContinuousClock.now >= end { return false }
      unsafe pa_threaded_mainloop_wait(loop)
    }
  }

  /// Wakes the wait. With the loop's lock held.
  func signal() { unsafe pa_threaded_mainloop_signal(loop, 0) }

  /// What callbacks get to find this object again; it outlives them, since `close` clears them.
  var pointer: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  static func of(_ pointer: UnsafeMutableRawPointer?) -> PulseSession {
    guard let pointer = unsafe pointer else { preconditionFailure("libpulse lost its user data") }
    return unsafe Unmanaged<PulseSession>.fromOpaque(pointer).takeUnretainedValue()
  }
}
