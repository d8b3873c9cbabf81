/// What a server is told at its start. The defaults are those of the command.
package struct PrecallServerConfiguration: Sendable {
  /// A certificate chain and its private key, as PEM files.
  package struct TLSFiles: Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// Names or addresses to listen on; 127.0.0.1 lets nobody else in.
  package var host = "127.0.0.1"
  /// TCP port for HTTP; 0 lets the system choose.
  package var httpPort: UInt16 = 8080
  /// UDP port of the reflector; 0 lets the system choose. STAMP's own port is 862, which needs privilege.
  package var udpPort: UInt16 = 8862
  /// TCP port for the tests of other programs, 0 for any free one; without one there are none.
  package var compatiblePort: UInt16?
  package var tls: TLSFiles?
  package var limits = ServerLimits()
  /// 32 octets or more; nothing makes a random key, so that tickets end with the process.
  package var ticketKey: [UInt8]?
  /// By which pages and server judge; nothing takes the standard one.
  package var policy: ClinicPolicy?
  package var waitingRoom = WaitingRoomConfiguration()
  package var turn = TurnConfiguration.none
  package var stamp = StampConfiguration()
  /// Reverse proxies whose word for the client's address is taken.
  package var proxies = TrustedProxies.none
  /// Origins whose pages may show the check in a frame, as `https://portal.example.org`.
  package var embedders: [String] = []
  /// Whether SIGTERM and SIGINT stop the server gracefully; tests stop it by cancelling the task.
  package var handlesSignals = false
  /// Whether the end of standard input stops the server gracefully, so that it does not outlive a parent.
  package var endsWithStandardInput = false

  package init() {}
}

/// Who besides holders of a ticket the reflector answers.
package struct StampConfiguration: Sendable {
  /// Any sender of STAMP or TWAMP Light, within a limit for each address.
  package var isOpen = false
  /// 16 octets or more, shared with senders of authenticated mode.
  package var key: [UInt8]?

  package init() {}
}

/// What the server will carry, so that no client can use it up.
package struct ServerLimits: Sendable {
  /// Bytes of one download and of one upload.
  package var downloadBytes = 1_000_000_000
  package var uploadBytes = 1_000_000_000
  /// Seconds that one download or upload lasts at most.
  package var testSeconds = 15
  /// Downloads and uploads at the same time, of all clients and from one address.
  package var tests = 256
  package var testsPerAddress = 32
  package var connections = 10_000
  /// Seconds after which a connection that asks for nothing is closed.
  package var idleSeconds = 15
  /// Seconds that a ticket is accepted.
  package var ticketSeconds = 60
  /// Sessions whose counters are kept at the same time.
  package var sessions = 20_000
  /// Seconds that running tests may still take once the server is told to stop.
  package var drainSeconds = 5

  package init() {}

  /// Seconds until a request must be whole: an upload has its own limit, and time for its receipt after it.
  var requestSeconds: Int { testSeconds + 2 * Upload.grace }
  /// Seconds that a connection of HTTP/2 is open at most: others' tests take one minute.
  var longestConnection: Int { 120 + testSeconds }
}
