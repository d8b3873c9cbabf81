/// The figures of the camera, and the limits that hold where a clinic sets none.
extension Metric {
  package static var camera: [Metric] { [] }
}

extension Limit {
  package static var camera: [Limit] { [] }
}
