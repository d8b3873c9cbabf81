/// The figures of the network, and the limits that hold where a clinic sets none.
extension Metric {
  package static var network: [Metric] { [] }
}

extension Limit {
  package static var network: [Limit] { [] }
}
