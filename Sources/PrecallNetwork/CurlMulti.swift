import CCurl
import PrecallProbes

/// libcurl's engine for several exchanges at once on one thread, with the connections that it keeps.
@safe final class CurlMulti {
  private let multi: UnsafeMutableRawPointer
  private var running: [HTTPExchange] = []

  private static let prepared: Void = precall_curl_global_init()

  init() {
    Self.prepared
    guard let made = unsafe precall_curl_multi_init() else { fatalError("libcurl found no memory") }
    unsafe multi = made
  }

  deinit {
    removeAll()
    unsafe precall_curl_multi_cleanup(multi)
  }

  func add(_ exchange: HTTPExchange) {
    running.append(exchange)
    unsafe precall_curl_multi_add(multi, exchange.easy)
  }

  /// Takes an exchange out; one that still runs loses its connection.
  func remove(_ exchange: HTTPExchange) {
    guard running.contains(where: { $0 === exchange }) else { return }
    running.removeAll { $0 === exchange }
    unsafe precall_curl_multi_remove(multi, exchange.easy)
  }

  func removeAll() {
    for exchange in running { remove(exchange) }
  }

  /// Does what can be done without waiting, and notes which exchanges have ended.
  func perform() {
    var count: Int32 = 0
    unsafe precall_curl_multi_perform(multi, &count)
    var code = CURLE_OK
    while let easy = unsafe precall_curl_ended(multi, &code) {
      for exchange in running where unsafe exchange.easy == easy { exchange.ended = code }
    }
  }

  /// Runs a handle of nobody else's until it has ended well; false where it has not by `deadline`, or was stopped. It
  /// stays with the engine, which holds its connection.
  func connect(_ easy: UnsafeMutableRawPointer, until deadline: Moment, _ stop: StopSignal) -> Bool {
    unsafe precall_curl_multi_add(multi, easy)
    while Moment.now < deadline, !stop.isSet {
      var count: Int32 = 0
      unsafe precall_curl_multi_perform(multi, &count)
      var code = CURLE_OK
      if unsafe precall_curl_ended(multi, &code) == easy { return code == CURLE_OK }
      let left = (deadline - Moment.now).nanoseconds / 1_000_000 + 1
      wait(alsoFor: nil, milliseconds: min(10, max(0, left)))
    }
    return false
  }

  /// Lets go of a handle that was connected.
  func release(_ easy: UnsafeMutableRawPointer) { unsafe precall_curl_multi_remove(multi, easy) }

  /// Waits for something to do, at most `milliseconds`; also for `socket`, where it is given.
  func wait(alsoFor socket: Int32?, milliseconds: Int64) {
    unsafe precall_curl_wait(multi, socket ?? -1, Int32(milliseconds))
  }
}
