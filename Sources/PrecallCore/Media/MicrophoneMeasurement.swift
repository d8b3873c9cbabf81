/// What the microphone check observed.
package struct MicrophoneMeasurement: Measurement, Equatable {
  package static var check: Check { .microphone }
  package var failure: MicrophoneFailure?
  /// Why a browser did not hand it out.
  package var refusal: BrowserRefusal?
  package var facts: MicrophoneFacts
  /// What was heard; nothing where nothing came.
  package var sound: Sound?
  /// The other half of a conversation; nothing where it was not asked about.
  package var speaker: SpeakerFacts?
  /// The microphone's name, or the names that fit what was asked for. For the screen only: never written.
  package var subject: Text
  package var names = MicrophoneNames()

  package init(
    failure: MicrophoneFailure? = nil, facts: MicrophoneFacts = MicrophoneFacts(), sound: Sound? = nil,
    speaker: SpeakerFacts? = nil, subject: Text = []
  ) {
    self.failure = failure
    self.facts = facts
    self.sound = sound
    self.speaker = speaker
    self.subject = subject
  }

  package func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) {
    let assessments = assessments(by: policy)
    var findings = heldFindings + failureFindings + refusalFindings + factFindings(assessments)
    findings += soundFindings(assessments)
    findings = findings.about(subject)
    guard let (rows, others) = speaker?.assessed(by: policy) else { return (assessments, findings) }
    return (assessments + rows, findings + others)
  }
}
