/// One bulk transfer over several flows: what arrived at the receiver's application, and when.
package struct Transfer: Sendable, Hashable {
  /// Who says that the bytes arrived.
  package enum Counter: Int, Sendable, Hashable, CaseIterable {
    /// The receiving application.
    case receiver
    /// The sender's kernel, by TCP acknowledgements: no receipt came in time. It counts headers of HTTP and
    /// TLS as well.
    case acknowledgements

    package var name: StaticString {
      switch self {
      case .receiver: "receiver"
      case .acknowledgements: "acknowledgements"
      }
    }
  }

  package static let binWidth = Microseconds(base: 50_000)
  package var direction: Direction
  package var flows: Int
  package var counter: Counter
  /// How long bytes flowed on all flows; what came after is left out as the tail.
  package var duration: Microseconds
  /// Bytes that arrived in each span of `binWidth` from the start, all flows together.
  package var bins: [Int64]
  /// Whether it was ended for the data that it took, and not because its rate was known.
  package var isCut = false
  /// The start, by the clock of the packets' stamps; nothing where that is not known.
  package var startedAt: Microseconds?

  package init(
    _ direction: Direction, flows: Int, counter: Counter = .receiver, duration: Microseconds, bins: [Int64]
  ) {
    self.direction = direction
    self.flows = flows
    self.counter = counter
    self.duration = duration
    self.bins = bins
  }
}
