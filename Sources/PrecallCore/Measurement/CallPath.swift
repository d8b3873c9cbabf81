/// What a call's own path did: in a browser a WebRTC connection through the relay (TURN) and back into the
/// browser, with a made-up sound and picture; in a program an allocation over each transport, and packets
/// from the best one to itself. The loop passes the person's line twice.
package struct CallPath: Sendable, Hashable {
  /// The transports that were tried, best first; none where no relay is set up.
  package var attempts: [Attempt] = []
  /// How long sound and picture ran.
  package var duration: Microseconds?
  package var audio: Stream?
  package var video: Stream?
  /// Round-trip times of the loop (STUN consent checks and RTCP, or packets that go round twice), which is
  /// twice the way to the relay.
  package var roundTrips: [Microseconds] = []
  /// The relayed jitter of the sound each second (RFC 3550 section 6.4.1), as the receiver reports it.
  package var jitters: [Microseconds] = []

  package enum Transport: Int, Sendable, Hashable, CaseIterable {
    case udp, tcp, tls

    package var name: StaticString {
      switch self {
      case .udp: "udp"
      case .tcp: "tcp"
      case .tls: "tls"
      }
    }
  }

  package enum Outcome: Int, Sendable, Hashable, CaseIterable {
    case connected
    /// Nothing came back in time, or the port is closed (ICE error 701).
    case blocked
    /// The relay did not accept the credentials (STUN error 401).
    case refused

    package var name: StaticString {
      switch self {
      case .connected: "connected"
      case .blocked: "blocked"
      case .refused: "refused"
      }
    }
  }

  package struct Attempt: Sendable, Hashable {
    package var transport: Transport
    package var outcome: Outcome
    /// Until the connection stood.
    package var connect: Microseconds?

    package init(_ transport: Transport, _ outcome: Outcome, connect: Microseconds? = nil) {
      self.transport = transport
      self.outcome = outcome
      self.connect = connect
    }
  }

  /// RTP packets of sound or picture as the receiving end counts them (RFC 3550).
  package struct Stream: Sendable, Hashable {
    package var received: Int64
    package var lost: Int64
    package var bytes: Int64
    /// Pictures shown whole; nothing for sound.
    package var frames: Int64?
    /// How long this was counted, where it is not the whole run: a picture's first seconds, in which the sender
    /// finds out what the way carries, say nothing of what it can.
    package var duration: Microseconds?

    package init(
      received: Int64, lost: Int64, bytes: Int64, frames: Int64? = nil, duration: Microseconds? = nil
    ) {
      self.received = received
      self.lost = lost
      self.bytes = bytes
      self.frames = frames
      self.duration = duration
    }
  }

  package init() {}

  /// The transport that carried the loop; nothing where none did.
  package var transport: Transport? {
    for attempt in attempts where attempt.outcome == .connected { return attempt.transport }
    return nil
  }

  /// Until the connection that carried the loop stood.
  var connect: Microseconds? {
    for attempt in attempts where attempt.outcome == .connected { return attempt.connect }
    return nil
  }

  package var isRefused: Bool { transport == nil && attempts.contains { $0.outcome == .refused } }
}
