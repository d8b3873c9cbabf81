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
  /// The programs that hold the sound card, as `name (process)`. For the screen only: never written.
  package var holders: Text = []
  /// The filter and the microphone behind it, as `filter on microphone`. For the screen only: never written.
  package var filter: Text = []
  /// The microphone that the sound server moved the recording to. For the screen only: never written.
  package var movedTo: Text = []
  /// The microphone that calls use, where another was listened to. For the screen only: never written.
  package var defaultName: Text = []
  /// The one of two sides that has sound, where the other is dead. For the screen only: never written.
  package var liveSide: Text = []
  /// The card that hides a microphone, and the profile that has it. For the screen only: never written.
  package var hiddenName: Text = []
  /// The selected port, and that of a microphone. For the screen only: never written.
  package var portNames: Text = []

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
