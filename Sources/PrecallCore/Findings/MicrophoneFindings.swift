/// What can be found of the microphone.
extension FindingKind {
  package static var microphone: [FindingKind] { [] }
}
