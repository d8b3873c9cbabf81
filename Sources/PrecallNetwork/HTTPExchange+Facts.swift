import CCurl
import CLinuxNet
import PrecallCore

/// What an exchange tells when it has ended.
extension HTTPExchange {
  var status: Int64 { Int64(long(CURLINFO_RESPONSE_CODE)) }

  /// Each moment counted from the start; zero where it was not reached.
  var lookedUpAt: Int64 { offset(CURLINFO_NAMELOOKUP_TIME_T) }
  var connectedAt: Int64 { offset(CURLINFO_CONNECT_TIME_T) }
  var securedAt: Int64 { offset(CURLINFO_APPCONNECT_TIME_T) }
  var requestedAt: Int64 { offset(CURLINFO_PRETRANSFER_TIME_T) }
  var answeredAt: Int64 { offset(CURLINFO_STARTTRANSFER_TIME_T) }
  var peerPort: Int { long(CURLINFO_PRIMARY_PORT) }
  var verifyResult: Int { long(CURLINFO_SSL_VERIFYRESULT) }
  var systemError: Int { long(CURLINFO_OS_ERRNO) }
  /// What a proxy answered when asked for a tunnel; zero where none was.
  var tunnelStatus: Int { long(CURLINFO_HTTP_CONNECTCODE) }

  /// The numeric address that answered.
  var peerAddress: String {
    var text: UnsafePointer<CChar>?
    unsafe precall_curl_get_string(easy, CURLINFO_PRIMARY_IP, &text)
    guard let text = unsafe text else { return "" }
    return unsafe String(cString: text)
  }

  /// Bytes that have arrived at their end of the connection, by the kernel's counts: unlike the program's, these do
  /// not wait for a lost packet and then take all behind it at once. Zero where they are not known.
  func arrived(_ direction: Direction) -> Int64 {
    guard socket >= 0 else { return 0 }
    if direction == .up { return max(0, precall_net_acknowledged(socket)) }
    var (inOrder, whole, held) = (Int64(0), Int64(0), Int64(0))
    guard unsafe precall_net_received(socket, &inOrder, &whole, &held) else { return 0 }
    return receivedBytes.note(inOrder: inOrder, whole: whole, held: held, hasBody: received > 0)
  }

  /// The value of a header of the last answer.
  func headerValue(_ name: String) -> String? { HTTPHeader.value(name, in: header) }

  private func long(_ info: CURLINFO) -> Int {
    var value = 0
    unsafe precall_curl_get_long(easy, info, &value)
    return value
  }

  private func offset(_ info: CURLINFO) -> Int64 {
    var value: curl_off_t = 0
    unsafe precall_curl_get_offset(easy, info, &value)
    return Int64(value)
  }
}
