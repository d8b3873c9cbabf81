import CCurl
import CLinuxNet

/// One HTTP request and its answer, over libcurl. Used by one thread; freed when it goes.
///
/// What libcurl calls back needs a stable address: so this is a class, and never copied.
@safe final class HTTPExchange {
  enum Body {
    case none
    /// Bytes up to a bound, or until `finishUpload()`.
    case stream(upTo: Int)
  }

  /// An answer that is kept may be this long; a longer one ends the exchange.
  static let longestAnswer = 256 * 1_024
  private static let longestHeader = 32 * 1_024

  /// Whether it goes over TLS.
  let isSecure: Bool

  let easy: UnsafeMutableRawPointer
  private var lists = unsafe [UnsafeMutablePointer<curl_slist>]()
  private let keepsBody: Bool
  private(set) var body: [UInt8] = []
  private(set) var header: [UInt8] = []
  /// Bytes of the answer's body so far.
  private(set) var received: Int64 = 0
  /// The same, before the program has read it.
  var receivedBytes = ReceivedBytes()
  private var isUploadFinished = false
  /// How a flow that loads the line finds its limit; nothing for any other exchange.
  private let load: CongestionControl?
  /// Bytes of the longest segments of TCP; the system's own choice where there is none.
  private let segment: Int32?
  /// What a stream may still send.
  private var allowance: Int
  /// The newest socket of a flow that loads the line; negative before there is one.
  private(set) var socket: Int32 = -1
  /// How libcurl ended; nothing while it runs.
  var ended: CURLcode?

  /// - Parameters:
  ///   - load: makes this one of the flows that fill the line: its body is counted and dropped.
  ///   - isFresh: takes a connection of its own.
  init(
    _ url: String, post body: Body? = nil, caFile: String?, load: CongestionControl? = nil,
    verifies: Bool = true, isFresh: Bool = false, segment: Int32? = nil
  ) {
    guard let made = unsafe precall_curl_easy_init() else { fatalError("libcurl found no memory") }
    unsafe easy = made
    self.load = load
    self.segment = segment
    isSecure = url.hasPrefix("https:")
    keepsBody = load == nil || body != nil
    if case .stream(let most) = body { allowance = most } else { allowance = 0 }
    unsafe precall_curl_set_string(easy, CURLOPT_URL, url)
    setUp(caFile: caFile, verifies: verifies)
    // The socket of a flow must be seen when it is made.
    if isFresh || load != nil { unsafe precall_curl_set_long(easy, CURLOPT_FRESH_CONNECT, 1) }
    setCallbacks()
    if let body { setUp(body) }
  }

  deinit {
    unsafe precall_curl_easy_cleanup(easy)
    unsafe lists.forEach { unsafe precall_curl_list_free($0) }
  }

  private func setUp(caFile: String?, verifies: Bool) {
    unsafe precall_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    unsafe precall_curl_set_string(easy, CURLOPT_USERAGENT, "precall")
    unsafe precall_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    unsafe precall_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    unsafe precall_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    // A name lookup that hangs is left behind, not waited for.
    unsafe precall_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    unsafe precall_curl_set_long(easy, CURLOPT_BUFFERSIZE, 65_536)
    unsafe precall_curl_set_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16_384)
    if let caFile { unsafe precall_curl_set_string(easy, CURLOPT_CAINFO, caFile) }
    if !verifies {
      unsafe precall_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
      unsafe precall_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
    }
  }

  private func setUp(_ body: Body) {
    unsafe precall_curl_set_long(easy, CURLOPT_POST, 1)
    switch body {
    case .none: unsafe precall_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, 0)
    case .stream:
      // Expect: a server that waits for it would cost a round trip.
      setHeaders(["Transfer-Encoding: chunked", "Content-Type: application/octet-stream", "Expect:"])
    }
  }

  private func setHeaders(_ lines: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines { unsafe list = precall_curl_list_append(list, line) }
    guard let made = unsafe list else { return }
    unsafe precall_curl_set_list(easy, CURLOPT_HTTPHEADER, made)
    unsafe lists.append(made)
  }

  /// The longest that the whole exchange and its connection may take.
  func limit(to whole: Moment.Span, connecting: Moment.Span? = nil) {
    let milliseconds = max(1, whole.nanoseconds / 1_000_000)
    unsafe precall_curl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(milliseconds))
    if let connecting {
      let bound = max(1, connecting.nanoseconds / 1_000_000)
      unsafe precall_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(bound))
    }
  }

  /// Ends the body of a stream; the answer then comes.
  func finishUpload() { isUploadFinished = true }
}

// MARK: What libcurl calls

extension HTTPExchange {
  private func setCallbacks() {
    let me = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe precall_curl_set_bytes(
      easy, CURLOPT_WRITEFUNCTION,
      { bytes, size, count, me in
        unsafe HTTPExchange.from(me).take(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }, CURLOPT_WRITEDATA, me)
    unsafe precall_curl_set_bytes(
      easy, CURLOPT_HEADERFUNCTION,
      { bytes, size, count, me in
        unsafe HTTPExchange.from(me).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }, CURLOPT_HEADERDATA, me)
    unsafe precall_curl_set_bytes(
      easy, CURLOPT_READFUNCTION,
      { bytes, size, count, me in
        unsafe HTTPExchange.from(me).give(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
      }, CURLOPT_READDATA, me)
    guard load != nil || segment != nil else { return }
    unsafe precall_curl_set_socket(
      easy,
      { me, socket, _ in
        unsafe HTTPExchange.from(me).prepare(socket)
        return CURL_SOCKOPT_OK
      }, me)
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPExchange {
    guard let context = unsafe context else { fatalError("libcurl called back without its context") }
    return unsafe Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
  }

  /// What waits unsent of a load is short, so that an upload ends soon after it is told to.
  private func prepare(_ socket: Int32) {
    self.socket = socket
    if let segment { precall_net_limit_segments(socket, segment) }
    if let load { unsafe precall_net_load(socket, load.rawValue, 16_384) }
  }

  /// Fewer bytes taken than given end the exchange with CURLE_WRITE_ERROR.
  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = bytes.count
    received += Int64(count)
    guard keepsBody else { return count }
    guard body.count + count <= Self.longestAnswer else { return 0 }
    unsafe body.append(contentsOf: bytes)
    return count
  }

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = bytes.count
    guard header.count + count <= Self.longestHeader else { return 0 }
    unsafe header.append(contentsOf: bytes)
    return count
  }

  private func give(_ room: UnsafeMutableRawBufferPointer) -> Int {
    guard !isUploadFinished else { return 0 }
    let count = min(room.count, Self.noise.count, allowance)
    allowance -= count
    unsafe room.copyBytes(from: Self.noise[..<count])
    return count
  }

  /// Bytes that no proxy or link can compress (xorshift64, Marsaglia 2003).
  private static let noise: [UInt8] = {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<16_384).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 32)
    }
  }()
}
