import CCurl
import CLinuxNet
import Glibc
import PrecallCore

/// Why an exchange that has ended gave no usable answer.
extension HTTPExchange {
  /// Nothing where libcurl brought a whole answer with a status of success.
  func failure(to server: ServerAddress) -> NetworkFailure.Reason? {
    guard let ended else { return timeout(server) }
    return ended == CURLE_OK ? statusFailure : transportFailure(ended, server)
  }

  /// Whether the time was up after the connection stood and before it was secure.
  var isStalledInHandshake: Bool {
    let isLate = ended == nil || ended == CURLE_OPERATION_TIMEDOUT
    return isLate && isSecure && lookedUpAt > 0 && securedAt == 0 && (connectedAt > 0 || !peerAddress.isEmpty)
  }

  /// What the answer's status and first bytes say, also of one that has not ended.
  var statusFailure: NetworkFailure.Reason? {
    switch status {
    case 200..<300: looksLikeAPage ? .webPage : nil
    case 300..<400: .redirected
    case 404, 405: .notPrecall
    case 407: .proxy
    case 429, 503: .busy
    case 511: .webPage
    default: .httpStatus
    }
  }

  private var looksLikeAPage: Bool {
    let start = body.first { $0 > UInt8(ascii: " ") }
    return start == UInt8(ascii: "<") || headerValue("content-type")?.hasPrefix("text/html") == true
  }

  private func transportFailure(_ code: CURLcode, _ server: ServerAddress) -> NetworkFailure.Reason {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: lookupFailure(server)
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxy
    case CURLE_COULDNT_CONNECT: connectFailure
    case CURLE_OPERATION_TIMEDOUT: timeout(server)
    case CURLE_PEER_FAILED_VERIFICATION: certificateFailure
    case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .certificateUntrusted
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER: .tls
    case CURLE_WRITE_ERROR: .endless
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .notPrecall
    case CURLE_RECV_ERROR where tunnelStatus >= 300: .proxy
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR: .closedEarly
    default: .notPrecall
    }
  }

  /// libcurl does not tell "there is no such name" from "nobody could say".
  private func lookupFailure(_ server: ServerAddress) -> NetworkFailure.Reason {
    HostLookup(server.host, within: .milliseconds(500)).failure ?? .lookupFailed
  }

  private var connectFailure: NetworkFailure.Reason {
    switch Int32(systemError) {
    case ECONNREFUSED: .refused
    case ECONNRESET, ECONNABORTED: .closedEarly
    case ETIMEDOUT: .connectTimedOut
    default: .unreachable
    }
  }

  /// The first stretch that was not passed.
  private func timeout(_ server: ServerAddress) -> NetworkFailure.Reason {
    if lookedUpAt == 0 { return .lookupTimedOut }
    // libcurl counts a secure connection as made only after its handshake; a peer's address it has before.
    if connectedAt == 0, peerAddress.isEmpty { return .connectTimedOut }
    if server.scheme == .https, securedAt == 0 { return .tls }
    return answeredAt == 0 ? .silent : .endless
  }

  /// The codes of X509_verify_cert_error_string(3); the name is checked by libcurl itself, after them.
  private var certificateFailure: NetworkFailure.Reason {
    switch verifyResult {
    case 0, 1, 62: .certificateWrongName  // 1: libcurl had not asked yet when the name was wrong
    case 9: .certificateNotYetValid
    case 10: .certificateExpired
    default: .certificateUntrusted
    }
  }
}

/// A name lookup of our own, for what libcurl does not tell.
enum HostLookup {
  case found(String), unknown, failed, timedOut

  /// `version` is the only one of IP that is asked for; nothing takes either.
  init(_ host: String, _ version: FamilyLeg.Version? = nil, within bound: Moment.Span) {
    var address = [CChar](repeating: 0, count: 64)
    let milliseconds = Int32(bound.nanoseconds / 1_000_000)
    let family = Int32(version?.rawValue ?? 0)
    switch unsafe precall_net_lookup(host, family, milliseconds, &address, address.count) {
    case 0:
      self = .found(String(decoding: address.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    case EAI_NONAME, -5: self = .unknown  // -5: EAI_NODATA, the name exists without an address
    case -100: self = .timedOut  // EAI_INPROGRESS, which Glibc's module hides
    default: self = .failed
    }
  }

  var failure: NetworkFailure.Reason? {
    switch self {
    case .found: nil
    case .unknown: .unknownHost
    case .failed: .lookupFailed
    case .timedOut: .lookupTimedOut
    }
  }
}

extension ServerAddress {
  /// The host's own address, where a proxy answers for it; the name where it is not found.
  var directAddress: String {
    if case .found(let address) = HostLookup(host, within: .milliseconds(500)) { return address }
    return host
  }
}
