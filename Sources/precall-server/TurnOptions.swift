import ArgumentParser
import PrecallServer

/// The TURN server that test calls go through.
struct TurnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "\"managed\" starts and watches an installed coturn; a turn: or turns: address, which can be given "
        + "several times, uses another server. Without it the path of a call is not tested.",
      valueName: "managed|URL"))
  var turn: [String] = []

  @Option(
    help: ArgumentHelp("Secret shared with the server of --turn URL.", valueName: "file"),
    completion: .file())
  var turnSecretFile: String?

  @Option(
    help: ArgumentHelp("UDP and TCP port of the managed server, 0 for any free one.", valueName: "number"))
  var turnPort = ManagedTurn().port

  @Option(
    help: ArgumentHelp(
      "TLS port of the managed server, 0 for any free one; needs --tls-cert.", valueName: "number"))
  var turnTLSPort = ManagedTurn().tlsPort

  @Option(
    help: ArgumentHelp(
      "First and last UDP port of its relays. (default: 49152-65535)", valueName: "first-last"),
    transform: Self.range)
  var turnRelayPorts = ManagedTurn().relayPorts

  @Option(
    help: ArgumentHelp(
      "The address that others see, where this computer is behind a translating router.", valueName: "address"
    ))
  var turnExternalAddress: String?

  private var isManaged: Bool { turn == ["managed"] }

  func validate() throws {
    guard isManaged || turn.allSatisfy(TurnConfiguration.isURL) else {
      throw ValidationError("--turn needs the word managed, or addresses as turn:turn.example.org:3478.")
    }
    guard (turnSecretFile != nil) == (!turn.isEmpty && !isManaged) else {
      throw ValidationError("--turn-secret-file goes together with --turn URL; give both or neither.")
    }
    let address = turnExternalAddress ?? "192.0.2.1"
    guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == "." || $0 == ":" }) else {
      throw ValidationError("--turn-external-address needs an address, as 192.0.2.1.")
    }
  }

  func apply(to configuration: inout PrecallServerConfiguration) throws {
    if isManaged {
      var settings = ManagedTurn()
      settings.port = turnPort
      settings.tlsPort = turnTLSPort
      settings.relayPorts = turnRelayPorts
      settings.externalAddress = turnExternalAddress
      configuration.turn = .managed(settings)
    } else if let turnSecretFile {
      configuration.turn = .external(urls: turn, secret: try readTurnSecret(turnSecretFile))
    }
  }

  private static func range(_ text: String) throws -> ClosedRange<UInt16> {
    let ports = text.split(separator: "-").map { UInt16($0) }
    guard ports.count == 2, let first = ports[0], let last = ports[1], first >= 1_024, first < last else {
      throw ValidationError("--turn-relay-ports needs two ports of 1024 or above, as 49152-65535.")
    }
    return first...last
  }
}
