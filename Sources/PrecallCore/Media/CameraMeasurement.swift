/// What the camera check observed.
package struct CameraMeasurement: Measurement {
  package static var check: Check { .camera }

  package init() {}

  package func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) { ([], []) }

  package init(json: JSONValue) throws(JSONError) { self.init() }

  package func write(to json: inout JSONWriter) {}
}
