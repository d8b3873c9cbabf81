/// What the microphone check observed.
package struct MicrophoneMeasurement: Measurement {
  package static var check: Check { .microphone }

  package init() {}

  package func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) { ([], []) }

  package init(json: JSONValue) throws(JSONError) { self.init() }

  package func write(to json: inout JSONWriter) {}
}
