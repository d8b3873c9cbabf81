/// A figure that a check measures: what it is called, how it is defined, and which way is worse.
package struct Metric: Sendable {
  /// `check.name`, as `network.jitter`: the key in reports and policies.
  package let id: StaticString
  package let check: Check
  /// What people read in the table.
  package let title: StaticString
  package let unit: QuantityUnit
  package let worse: Direction
  /// Whose definition of the figure this is.
  package let definition: StaticString

  package enum Direction: Sendable { case higher, lower }

  package init(
    _ id: StaticString, _ check: Check, title: StaticString, in unit: QuantityUnit, worse: Direction,
    definition: StaticString
  ) {
    self.id = id
    self.check = check
    self.title = title
    self.unit = unit
    self.worse = worse
    self.definition = definition
  }

  /// Every metric there is.
  package static var all: [Metric] { network + call + microphone + camera }

  package static func identified(_ id: some Collection<UInt8>) -> Metric? {
    for metric in all where metric.id.equals(id) { return metric }
    return nil
  }
}
