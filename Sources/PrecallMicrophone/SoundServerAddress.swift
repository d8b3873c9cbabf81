internal import Glibc
package import PrecallCore

/// Where the sound server should be, and why nobody answers there: libpulse says "connection refused" of a
/// missing socket, a dead one, a locked directory and another user's alike.
package struct SoundServerAddress {
  /// As libpulse is to be asked for it; nothing for where it looks by itself.
  package let server: String?
  /// The path of its socket; nothing for a server over the network, whose failures libpulse names itself.
  private let socket: String?
  /// The user's runtime directory, where the address came from it.
  private let runtimeDirectory: String?
  private let user: uid_t
  private let isUnderSudo: Bool
  /// Whether somebody said where it is: then the fault is the address, whoever else is logged in.
  private let isNamed: Bool
  /// The folder of all users' runtime directories.
  private let sessions: String

  /// Resolves as libpulse does: the given server, `PULSE_SERVER`, `PULSE_RUNTIME_PATH`, `XDG_RUNTIME_DIR`. Where
  /// none of them is set, as in a shell after `su -` or of a service, the user's own session is looked for, which
  /// libpulse does not.
  package init(
    server: String?, user: UInt32 = geteuid(), sessions: String = "/run/user",
    environment: (String) -> String? = { name in unsafe getenv(name).map { unsafe String(cString: $0) } }
  ) {
    (self.user, self.sessions) = (user, sessions)
    isUnderSudo = user == 0 && environment("SUDO_UID") != nil
    var directory: String?
    var found: String?
    let inSession = "\(sessions)/\(user)/pulse/native"
    let named = (server ?? environment("PULSE_SERVER")).flatMap { $0.isEmpty ? nil : $0 }
    isNamed = named != nil || environment("PULSE_RUNTIME_PATH") != nil
    if let server = named {
      socket = Self.path(in: server)
    } else if let path = environment("PULSE_RUNTIME_PATH") {
      socket = path + "/native"
    } else if let path = environment("XDG_RUNTIME_DIR") {
      directory = path
      socket = path + "/pulse/native"
    } else if Self.connect(to: inSession) == 0 {
      found = "unix:" + inSession
      socket = inSession
    } else {
      socket = "/run/pulse/native"
    }
    self.server = server ?? found
    runtimeDirectory = directory
  }

  /// The path in `unix:/path`, `{machine}unix:/path` or `/path`, of the first server named.
  private static func path(in server: String) -> String? {
    guard var first = server.split(separator: " ").first else { return nil }
    if first.hasPrefix("{"), let brace = first.firstIndex(of: "}") {
      first = first[first.index(after: brace)...]
    }
    if first.hasPrefix("unix:") { first = first.dropFirst(5) }
    return first.hasPrefix("/") ? String(first) : nil
  }

  /// Whether the runtime directory is another user's: then libpulse refuses it, and says so on the terminal.
  var isForeign: Bool {
    guard let runtimeDirectory, let owner = Self.owner(of: runtimeDirectory) else { return false }
    return owner != user
  }

  /// Why the server can't be reached; nothing where the socket takes connections.
  package var failure: MicrophoneFailure? {
    if isForeign { return .wrongUser }
    guard let socket else { return .noServer }
    switch Self.connect(to: socket) {
    case 0: return nil
    case EACCES, EPERM: return .wrongUser
    case ECONNREFUSED: return .staleSocket
    case EAGAIN: return .serverSilent
    default: return isUnderSudo || otherSession != nil ? .wrongUser : .noServer
    }
  }

  /// The sound of somebody else, who is logged in: what a shell of root sees.
  private var otherSession: String? {
    guard !isNamed else { return nil }
    return SoundHolder.names(of: sessions).filter { $0 != "\(user)" }.sorted().map {
      "\(sessions)/\($0)/pulse/native"
    }
    .first { Self.owner(of: $0) != nil }
  }

  /// The login name of the one whose sound it is; empty where nobody knows.
  package var ownerName: Text {
    let paths = isForeign ? [runtimeDirectory] : [socket, otherSession]
    let owners = paths.compactMap { $0.flatMap { Self.owner(of: $0) } }
    guard let owner = owners.first, owner != user,
      let entry = unsafe getpwuid(owner), let name = unsafe entry.pointee.pw_name
    else { return [] }
    return Text(unsafe String(cString: name).utf8)
  }

  private static func owner(of path: String) -> uid_t? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_uid : nil
  }

  /// Connects without waiting, and hangs up at once. Zero or the error number.
  private static func connect(to path: String) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < capacity else { return ENAMETOOLONG }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let descriptor = Glibc.socket(
      AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 ? 0 : errno
  }
}
