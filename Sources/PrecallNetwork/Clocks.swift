import CLinuxNet
import CCurl
import Glibc

enum WallClock {
  /// Since 1970.
  static var microseconds: Int64 { precall_net_wall() / 1_000 }
}

package enum HTTPDate {
  /// The year 2100: no date of ours.
  private static let latest: Int64 = 4_102_444_800

  /// Seconds since 1970 of a Date header (RFC 9110 section 5.6.7); nothing where it is none.
  package static func seconds(of text: String) -> Int64? {
    let seconds = unsafe precall_curl_date(text)
    return (0...latest).contains(Int64(seconds)) ? Int64(seconds) : nil
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
