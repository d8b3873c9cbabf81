#if !hasFeature(Embedded)
  /// What a report tells of the way to the server beside its figures: kinds only, never a name or an address.
  /// Told by the program that measured, since no browser can.
  package struct PathFacts: Sendable, Hashable {
    /// The kind of interface that packets to the server leave by; nothing where the system does not say.
    package var interface: NetworkPath.Interface?
    package var isProxied: Bool
    /// Why the gateway was not measured; nothing where it was.
    package var gatewayGap: NetworkPath.Gap?

    package init(_ interface: NetworkPath.Interface?, isProxied: Bool, gatewayGap: NetworkPath.Gap? = nil) {
      self.interface = interface
      self.isProxied = isProxied
      self.gatewayGap = gatewayGap
    }

    init?(json: JSONValue) {
      guard let isProxied = json.bool("proxied") else { return nil }
      self.init(
        json.choice("interface") { (one: NetworkPath.Interface) in one.name }, isProxied: isProxied,
        gatewayGap: json.choice("gateway_gap") { (one: NetworkPath.Gap) in one.name })
    }

    func write(to json: inout JSONWriter) {
      if let interface { json.member("interface", interface.name) }
      json.member("proxied", isProxied)
      if let gatewayGap { json.member("gateway_gap", gatewayGap.name) }
    }
  }

  extension Measurements {
    /// Nothing where the way was not looked at.
    package var pathFacts: PathFacts? {
      switch network {
      case .measured(let network), .partial(let network, _): network.pathFacts
      case .notMeasured: nil
      }
    }
  }

  extension NetworkMeasurement {
    fileprivate var pathFacts: PathFacts? {
      guard path != nil || reach.isProxied else { return nil }
      return PathFacts(path?.interface, isProxied: reach.isProxied, gatewayGap: path?.gatewayGap)
    }
  }
#endif
