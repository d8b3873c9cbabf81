/// What the network check observed.
package struct NetworkMeasurement: Measurement {
  package static var check: Check { .network }

  package init() {}

  package func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) { ([], []) }

  package init(json: JSONValue) throws(JSONError) { self.init() }

  package func write(to json: inout JSONWriter) {}
}
