/// A thing that can be found, with its words. The code is stable: never renamed, reused or translated.
///
/// The browser's engine holds no words: they are as long as all of its code, and it is handed those it writes
/// (`Texts`).
package struct FindingKind: Sendable, Equatable {
  /// `check.what`, as `microphone.muted`.
  package let code: StaticString
  package let check: Check
  /// How much it matters where nothing measured says otherwise.
  package let severity: Severity
  /// The best visit that is still possible with it.
  package let cap: Tier
  package let place: Place
  #if !hasFeature(Embedded)
    /// What the client reads: one plain sentence.
    package let sentence: StaticString
    /// The same as a part of another one: `another program is using the camera`.
    package var clause: String {
      let sentence = sentence.description
      return sentence.prefix(1).lowercased() + sentence.dropFirst().dropLast()
    }
    /// The one thing to do first.
    package let remedy: StaticString
    /// For the helpdesk: how it is detected, what else to look at.
    package let explanation: StaticString
  #endif

  @inline(__always)
  package init(
    _ code: StaticString, _ check: Check, _ severity: Severity, cap: Tier, at place: Place,
    says sentence: StaticString, remedy: StaticString, explanation: StaticString
  ) {
    self.code = code
    self.check = check
    self.severity = severity
    self.cap = cap
    self.place = place
    #if !hasFeature(Embedded)
      self.sentence = sentence
      self.remedy = remedy
      self.explanation = explanation
    #endif
  }

  package static func == (one: Self, other: Self) -> Bool { one.code.isEqual(to: other.code) }

  /// Every kind there is: the catalogue.
  package static var all: [FindingKind] { network + microphone + speaker + camera + computer }

  package static func coded(_ code: some Collection<UInt8>) -> FindingKind? {
    for kind in all where kind.code.equals(code) { return kind }
    return nil
  }
}
