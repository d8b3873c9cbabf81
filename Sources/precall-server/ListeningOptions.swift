import ArgumentParser
import PrecallServer

/// Addresses, ports and the secrets that belong to them.
struct ListeningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Address to listen on; 0.0.0.0 or :: lets other computers in.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "TCP port for HTTP, 0 for any free one. (default: 8080, with TLS 8443)", valueName: "number"))
  var port: UInt16?

  @Option(help: ArgumentHelp("UDP port of the reflector, 0 for any free one.", valueName: "number"))
  var udpPort: UInt16 = 8862

  @Flag(
    help: ArgumentHelp(
      "Carry the tests of other programs too, on a port of their own, within the limits below: responsiveness "
        + "(networkQuality -C, goresponsiveness; these need --tls-cert) at /.well-known/nq and /config, "
        + "Cloudflare's at /__down and /__up, LibreSpeed's under /backend."))
  var compatible = false

  @Option(help: ArgumentHelp("TCP port of --compatible, 0 for any free one.", valueName: "number"))
  var compatiblePort: UInt16 = 4043

  @Option(
    help: ArgumentHelp("Certificate chain in PEM form; needs --tls-key.", valueName: "file"),
    completion: .file())
  var tlsCert: String?

  @Option(
    help: ArgumentHelp("Private key of the certificate in PEM form.", valueName: "file"), completion: .file())
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "Address of a reverse proxy in front, whose X-Forwarded-For is taken for the client's address, by which "
        + "limits count; more than one can be given.", valueName: "address"))
  var trustedProxy: [String] = []

  @Option(
    help: ArgumentHelp(
      "Secret of 32 bytes or more that tickets are sealed with; a random one where none is given.",
      valueName: "file"), completion: .file())
  var ticketKeyFile: String?

  @Flag(
    help: ArgumentHelp(
      "Reflect packets of any STAMP or TWAMP Light sender too: 100 a second for each address, of 41 bytes or "
        + "more."))
  var stampOpen = false

  @Option(
    help: ArgumentHelp(
      "Secret of 16 bytes or more, shared with senders of authenticated STAMP.", valueName: "file"),
    completion: .file())
  var stampKeyFile: String?

  func validate() throws {
    guard (tlsCert == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key go together; give both or neither.")
    }
    guard TrustedProxies(trustedProxy) != nil else {
      throw ValidationError("--trusted-proxy needs an address, as 10.0.0.2 or fd00::2.")
    }
    let ports = [port ?? (tlsCert == nil ? 8080 : 8443), compatiblePort]
    guard !compatible || ports[0] == 0 || ports[0] != ports[1] else {
      throw ValidationError("--port and --compatible-port are both \(ports[0]); give two ports.")
    }
    guard !host.isEmpty else { throw ValidationError("--host needs an address, as 127.0.0.1.") }
  }

  func apply(to configuration: inout PrecallServerConfiguration) throws {
    configuration.host = host
    configuration.udpPort = udpPort
    configuration.compatiblePort = compatible ? compatiblePort : nil
    if let tlsCert, let tlsKey {
      configuration.tls = PrecallServerConfiguration.TLSFiles(certificate: tlsCert, key: tlsKey)
    }
    configuration.httpPort = port ?? (configuration.tls == nil ? 8080 : 8443)
    configuration.proxies = TrustedProxies(trustedProxy) ?? .none
    configuration.stamp.isOpen = stampOpen
    if let stampKeyFile { configuration.stamp.key = try readStampKey(stampKeyFile) }
    if let ticketKeyFile { configuration.ticketKey = try readTicketKey(ticketKeyFile) }
  }
}
