/// What the network check observed.
package struct NetworkMeasurement: Measurement, Hashable {
  package static var check: Check { .network }

  package var reach = Reach()
  package var packets = PacketRun()
  package var transfers: [Transfer] = []
  /// Small requests, where a browser measured.
  package var pings: Pings?
  /// The call's own path, where a browser measured.
  package var call: CallPath?
  #if !hasFeature(Embedded)
    /// The way to the server, where a program could ask the system.
    package var path: NetworkPath?
  #endif
  /// What ended the check before its time; what was observed until then is kept.
  package var failure: NetworkFailure?

  package init() {}

  package func transfer(_ direction: Direction) -> Transfer? {
    for transfer in transfers where transfer.direction == direction { return transfer }
    return nil
  }

  /// A server that does not do its part says nothing of the person's line: then the check is not whole,
  /// and never a pass. Nor is it where the time was up before a call was rehearsed; what the line carries
  /// beyond that may be missing.
  package var shortfall: NotMeasured? {
    if !ReflectorAccount(of: packets).isBelieved { return .serverFailed }
    guard let failure else { return call?.isRefused == true ? .serverFailed : nil }
    if failure.reason == .outOfTime {
      return failure.step.rawValue < NetworkFailure.Step.download.rawValue ? .deadline : nil
    }
    return NetworkFinding.isServerFault(failure) ? .serverFailed : nil
  }
}
