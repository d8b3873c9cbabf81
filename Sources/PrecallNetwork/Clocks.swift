import CLinuxNet
import CCurl
import Glibc

enum WallClock {
  /// Since 1970.
  static var microseconds: Int64 { precall_net_wall() / 1_000 }
}

enum HTTPDate {
  /// Seconds since 1970 of a Date header (RFC 9110 section 5.6.7); nothing where it is none.
  static func seconds(of text: String) -> Int64? {
    let seconds = unsafe curl_getdate(text, nil)
    return seconds < 0 ? nil : Int64(seconds)
  }
}

enum ProxyEnvironment {
  /// Whether a variable that libcurl honours names a proxy.
  static var isSet: Bool {
    ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].contains { name in
      guard let value = unsafe getenv(name) else { return false }
      return unsafe value.pointee != 0
    }
  }
}
