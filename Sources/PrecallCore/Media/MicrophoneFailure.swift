/// Why there is no sound, or why it ended early.
package enum MicrophoneFailure: Int, Sendable, CaseIterable {
  /// Nothing listens where the sound server should be.
  case noServer
  /// A socket is there, but the server behind it is gone.
  case staleSocket
  /// The sound server belongs to another user.
  case wrongUser
  case accessRefused
  /// It accepts no more programs.
  case serverFull
  /// It takes the connection and then says nothing.
  case serverSilent
  case serverDied
  /// PipeWire runs, but nothing manages its devices.
  case noSessionManager
  case noMicrophone
  /// Only recordings of the speakers.
  case onlyMonitors
  case notFound
  case ambiguous
  case noData
  /// Paused by hand, so that no sound comes.
  case suspended
  case stalled
  case streamFailed
  case unplugged

  package var name: StaticString {
    switch self {
    case .noServer: "no-sound-server"
    case .staleSocket: "sound-server-gone"
    case .wrongUser: "wrong-user"
    case .accessRefused: "access-refused"
    case .serverFull: "sound-server-full"
    case .serverSilent: "sound-server-silent"
    case .serverDied: "sound-server-died"
    case .noSessionManager: "no-session-manager"
    case .noMicrophone: "none"
    case .onlyMonitors: "only-monitors"
    case .notFound: "not-found"
    case .ambiguous: "ambiguous"
    case .noData: "no-data"
    case .suspended: "suspended"
    case .stalled: "stalled"
    case .streamFailed: "stream-failed"
    case .unplugged: "unplugged"
    }
  }

  package static func named(_ text: some Collection<UInt8>) -> Self? {
    for failure in allCases where failure.name.equals(text) { return failure }
    return nil
  }
}
