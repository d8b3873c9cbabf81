/// A figure that a check measures: what it is called, how it is defined, and which way is worse.
package struct Metric: Sendable, Equatable {
  /// In a list of one, so that a metric is a pointer to constant data; see `FindingKind`.
  private struct Entry: Sendable {
    let id: StaticString
    let check: Check
    let title: StaticString
    let unit: QuantityUnit
    let worse: Direction
    let definition: StaticString
  }
  private let entry: [Entry]

  /// `check.name`, as `network.jitter`: the key in reports and policies.
  package var id: StaticString { @inline(never) get { entry[0].id } }
  package var check: Check { entry[0].check }
  /// What people read in the table.
  package var title: StaticString { entry[0].title }
  package var unit: QuantityUnit { @inline(never) get { entry[0].unit } }
  package var worse: Direction { @inline(never) get { entry[0].worse } }
  /// Whose definition of the figure this is.
  package var definition: StaticString { @inline(never) get { entry[0].definition } }

  package enum Direction: Sendable { case higher, lower }

  @inline(__always)
  package init(
    _ id: StaticString, _ check: Check, title: StaticString, in unit: QuantityUnit, worse: Direction,
    definition: StaticString
  ) {
    entry = [Entry(id: id, check: check, title: title, unit: unit, worse: worse, definition: definition)]
  }

  package static func == (one: Self, other: Self) -> Bool { one.id.equals(other.id.bytes) }

  /// Every metric there is.
  package static var all: [Metric] { network + call + microphone + speaker + camera + computer }

  package static func identified(_ id: some Collection<UInt8>) -> Metric? {
    for metric in all where metric.id.equals(id) { return metric }
    return nil
  }
}
