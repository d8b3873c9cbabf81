/// What can be found of the camera.
extension FindingKind {
  package static var camera: [FindingKind] { [] }
}
