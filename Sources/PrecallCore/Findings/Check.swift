/// One part of the examination.
package enum Check: Int, Sendable, Hashable, CaseIterable, Comparable {
  case network, microphone, camera
  /// The computer itself; no part of a report where it was not looked at.
  case computer

  package var name: StaticString {
    switch self {
    case .network: "network"
    case .microphone: "microphone"
    case .camera: "camera"
    case .computer: "computer"
    }
  }

  package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }

  package static func named(_ text: some Collection<UInt8>) -> Check? {
    for check in allCases where check.name.equals(text) { return check }
    return nil
  }
}

/// Where a fault lies, from the person outwards.
package enum Place: Int, Sendable, Hashable, CaseIterable {
  case thisComputer, localNetwork, accessLine, farNetwork, server

  package var name: StaticString {
    switch self {
    case .thisComputer: "this-computer"
    case .localNetwork: "local-network"
    case .accessLine: "access-line"
    case .farNetwork: "far-network"
    case .server: "server"
    }
  }
}
