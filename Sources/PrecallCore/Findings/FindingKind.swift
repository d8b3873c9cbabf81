/// A thing that can be found, with its words. The code is stable: never renamed, reused or translated.
package struct FindingKind: Sendable, Equatable {
  /// What is known of a kind. It lies in a list of one, which the compiler lays out as constant data: a kind
  /// is then a single pointer to it, and the catalogue needs no code.
  private struct Entry: Sendable {
    let code: StaticString
    let check: Check
    let severity: Severity
    let cap: Tier
    let place: Place
    let sentence: StaticString
    let remedy: StaticString
    #if !hasFeature(Embedded)
      let explanation: StaticString
    #endif
  }
  private let entry: [Entry]

  /// `check.what`, as `microphone.muted`.
  package var code: StaticString { @inline(never) get { entry[0].code } }
  package var check: Check { @inline(never) get { entry[0].check } }
  /// How much it matters where nothing measured says otherwise.
  package var severity: Severity { @inline(never) get { entry[0].severity } }
  /// The best visit that is still possible with it.
  package var cap: Tier { @inline(never) get { entry[0].cap } }
  package var place: Place { @inline(never) get { entry[0].place } }
  /// What the client reads: one plain sentence.
  package var sentence: StaticString { @inline(never) get { entry[0].sentence } }
  /// The one thing to do first.
  package var remedy: StaticString { @inline(never) get { entry[0].remedy } }
  #if !hasFeature(Embedded)
    /// For the helpdesk: how it is detected, what else to look at. The browser's page does not show it.
    package var explanation: StaticString { entry[0].explanation }
  #endif

  @inline(__always)
  package init(
    _ code: StaticString, _ check: Check, _ severity: Severity, cap: Tier, at place: Place,
    says sentence: StaticString, remedy: StaticString, explanation: StaticString
  ) {
    #if hasFeature(Embedded)
      entry = [
        Entry(
          code: code, check: check, severity: severity, cap: cap, place: place, sentence: sentence,
          remedy: remedy)
      ]
    #else
      entry = [
        Entry(
          code: code, check: check, severity: severity, cap: cap, place: place, sentence: sentence,
          remedy: remedy, explanation: explanation)
      ]
    #endif
  }

  package static func == (one: Self, other: Self) -> Bool { one.code.equals(other.code.bytes) }

  /// Every kind there is: the catalogue.
  package static var all: [FindingKind] { network + microphone + speaker + camera + computer }

  package static func coded(_ code: some Collection<UInt8>) -> FindingKind? {
    for kind in all where kind.code.equals(code) { return kind }
    return nil
  }
}
