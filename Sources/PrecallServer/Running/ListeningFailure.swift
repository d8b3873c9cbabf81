import Glibc

extension ServerFailure {
  /// Why a port could not be had, by the system's error number.
  static func listening(
    _ transport: String, _ port: UInt16, on host: String, option: StaticString, _ code: Int32
  ) -> Self {
    let tried = "I tried to listen on \(host), \(transport) port \(port), but"
    return switch code {
    case EADDRINUSE:
      Self(.unavailable, "\(tried) another program uses it; stop that one or choose a port with \(option).")
    case EACCES, EPERM:
      Self(.noPermission, "\(tried) I may not; choose a port of 1024 or above with \(option).")
    case EADDRNOTAVAIL:
      Self(.unavailable, "\(tried) this computer has no such address; give one of its own with --host.")
    default:
      Self(
        .unavailable,
        "\(tried) the system refused it (error \(code)); choose another with --host and \(option).")
    }
  }
}
