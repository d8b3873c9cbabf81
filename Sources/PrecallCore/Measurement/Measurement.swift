/// What one check observed: facts and samples, not yet judged.
package protocol Measurement: Sendable {
  static var check: Check { get }
  /// Reduces the samples to figures, holds them against `policy` and names what was found.
  func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding])
  /// Reads what `write` wrote: recorded measurements are test fixtures and what a browser hands over.
  init(json: JSONValue) throws(JSONError)
  func write(to json: inout JSONWriter)
  /// Why it is not whole although the probe ended by itself; nothing where it is.
  var shortfall: NotMeasured? { get }
}

extension Measurement {
  package var shortfall: NotMeasured? { nil }
}

/// A measurement, a part of one, or the reason why there is none. Measurements are large: one is kept as a
/// reference, which is copied in one step.
package indirect enum Measured<Value: Measurement>: Sendable {
  case measured(Value)
  case partial(Value, NotMeasured)
  case notMeasured(NotMeasured)

  package func result(by policy: Policy) -> CheckResult {
    switch self {
    case .measured(let value):
      Self.result(value, value.shortfall.map { .partial($0) } ?? .measured, policy)
    case .partial(let value, let why): Self.result(value, .partial(why), policy)
    case .notMeasured(let why): CheckResult(Value.check, .notMeasured(why))
    }
  }

  private static func result(_ value: Value, _ state: CheckResult.State, _ policy: Policy) -> CheckResult {
    let (assessments, findings) = value.assessed(by: policy)
    return CheckResult(Value.check, state, assessments: assessments, findings: findings)
  }
}

/// All that an examination observed: the engine's input. Host and platform make no difference to what is
/// concluded from it.
package struct Measurements: Sendable {
  package static let formatVersion: Int64 = 1
  package var network: Measured<NetworkMeasurement>
  package var microphone: Measured<MicrophoneMeasurement>
  package var camera: Measured<CameraMeasurement>
  package var computer: Measured<ComputerMeasurement>

  package init(
    network: Measured<NetworkMeasurement> = .notMeasured(.notAsked),
    microphone: Measured<MicrophoneMeasurement> = .notMeasured(.notAsked),
    camera: Measured<CameraMeasurement> = .notMeasured(.notAsked),
    computer: Measured<ComputerMeasurement> = .notMeasured(.notAsked)
  ) {
    self.network = network
    self.microphone = microphone
    self.camera = camera
    self.computer = computer
  }

  package func results(by policy: Policy) -> [CheckResult] {
    let parts = [network.result(by: policy), microphone.result(by: policy), camera.result(by: policy)]
    // A browser can't look at the computer: that is no part of the visit that stays unchecked.
    if case .notMeasured(.notAsked) = computer { return parts }
    return parts + [computer.result(by: policy)]
  }
}
