import Glibc

/// Why the lab could not do what it was asked, for a person.
enum Complaint: Error {
  /// This machine has no TUN or permits no namespaces: not a failure of anybody.
  case skipped(String)
  case failed(String)

  static func system(_ tried: String) -> Complaint { .failed("I tried \(tried), but: \(reason)") }

  static var reason: String { String(cString: strerror(errno)) }
}
