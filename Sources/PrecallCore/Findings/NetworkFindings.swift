/// What can be found of the network.
extension FindingKind {
  package static var network: [FindingKind] { [] }
}
