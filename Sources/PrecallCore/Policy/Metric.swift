/// A figure that a check measures: what it is called, how it is defined, and which way is worse.
package struct Metric: Sendable, Equatable {
  /// `check.name`, as `network.jitter`: the key in reports and policies.
  package let id: StaticString
  package let check: Check
  package let unit: QuantityUnit
  package let worse: Direction
  #if !hasFeature(Embedded)
    /// What people read in the table.
    package let title: StaticString
    /// Whose definition of the figure this is.
    package let definition: StaticString
  #endif

  package enum Direction: Sendable { case higher, lower }

  @inline(__always)
  package init(
    _ id: StaticString, _ check: Check, title: StaticString, in unit: QuantityUnit, worse: Direction,
    definition: StaticString
  ) {
    self.id = id
    self.check = check
    self.unit = unit
    self.worse = worse
    #if !hasFeature(Embedded)
      self.title = title
      self.definition = definition
    #endif
  }

  package static func == (one: Self, other: Self) -> Bool { one.id.isEqual(to: other.id) }

  /// Every metric there is.
  package static var all: [Metric] { network + rehearsal + call + microphone + speaker + camera + computer }

  package static func identified(_ id: some Collection<UInt8>) -> Metric? {
    for metric in all where metric.id.equals(id) { return metric }
    return nil
  }
}
