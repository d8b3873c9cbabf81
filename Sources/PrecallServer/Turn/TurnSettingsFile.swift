import NIOCore

/// The configuration file of the managed coturn. Whoever has a credential may reach this server's own relays
/// and nothing else: a test call has both its ends there, and nobody gets a proxy to other computers, private
/// networks or this one.
struct TurnSettingsFile {
  var settings: ManagedTurn
  /// What it listens and relays on; several where the server listens on all.
  var addresses: [String]
  var secret: String
  var tls: PrecallServerConfiguration.TLSFiles?

  var text: String { (lines + limits + peers + encryption).joined(separator: "\n") + "\n" }

  private var lines: [String] {
    addresses.flatMap { ["listening-ip=\($0)", "relay-ip=\($0)"] }
      + [
        "listening-port=\(settings.port)", "min-port=\(settings.relayPorts.lowerBound)",
        "max-port=\(settings.relayPorts.upperBound)", "realm=precall", "use-auth-secret",
        "static-auth-secret=\(secret)", "fingerprint", "stale-nonce=600", "no-cli", "no-software-attribute",
        "no-rfc5780", "no-stun-backward-compatibility", "no-tcp-relay", "no-multicast-peers",
        "log-file=stdout", "simple-log", "pidfile=/dev/null", "userdb=turndb",
      ] + (settings.externalAddress.map { ["external-ip=\($0)"] } ?? [])
  }

  /// A check opens two relays on each of three transports; a call at 2 Mbit/s each way needs 500,000 bytes
  /// a second.
  private var limits: [String] {
    [
      "user-quota=12", "total-quota=2400", "max-bps=750000", "max-allocate-lifetime=600",
      "max-allocate-timeout=30",
    ]
  }

  private var peers: [String] {
    let own = addresses + (settings.externalAddress.map { [$0] } ?? [])
    let isLocal = addresses.contains { $0.hasPrefix("127.") || $0 == "::1" }
    return [
      "denied-peer-ip=0.0.0.0-255.255.255.255", "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]
      + own.map { "allowed-peer-ip=\($0)" }
      // Only who is on this computer already can reach a server that listens on loopback.
      + (isLocal ? ["allow-loopback-peers"] : [])
  }

  private var encryption: [String] {
    guard let tls else { return ["no-tls", "no-dtls"] }
    return [
      "tls-listening-port=\(settings.tlsPort)", "cert=\(tls.certificate)", "pkey=\(tls.key)", "no-dtls",
      "no-tlsv1", "no-tlsv1_1",
    ]
  }
}
