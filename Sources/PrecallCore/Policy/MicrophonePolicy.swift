/// The figures of the microphone, and the limits that hold where a clinic sets none.
extension Metric {
  package static var microphone: [Metric] { [] }
}

extension Limit {
  package static var microphone: [Limit] { [] }
}
