import Synchronization

/// How many tests run, and whether more may begin.
final class TestSlots: Sendable {
  private struct State {
    var running = 0
    var byAddress: [String: Int] = [:]
    var isStopping = false
  }

  private let limit: Int
  private let limitPerAddress: Int
  private let state = Mutex(State())

  init(limit: Int, perAddress: Int) {
    self.limit = limit
    limitPerAddress = perAddress
  }

  var running: Int { state.withLock { $0.running } }
  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// From now on nothing new begins.
  func stop() { state.withLock { $0.isStopping = true } }

  /// A slot for a test from `address`, which the caller releases whatever happens.
  func take(for address: String) throws(Problem) -> Slot {
    let address = AddressLimit.network(of: address)
    try state.withLock { state throws(Problem) in
      guard !state.isStopping else { throw .stopping }
      guard state.running < limit else { throw .busy }
      guard state.byAddress[address, default: 0] < limitPerAddress else { throw .tooMany }
      state.running += 1
      state.byAddress[address, default: 0] += 1
    }
    return Slot(slots: self, address: address)
  }

  fileprivate func giveBack(_ address: String) {
    state.withLock { state in
      state.running -= 1
      let rest = state.byAddress[address, default: 1] - 1
      state.byAddress[address] = rest > 0 ? rest : nil
    }
  }

  /// A place among the running tests, given back when nothing refers to it any more: also where an answer
  /// is thrown away before its body is written.
  final class Slot: Sendable {
    private let slots: TestSlots
    private let address: String

    fileprivate init(slots: TestSlots, address: String) {
      self.slots = slots
      self.address = address
    }

    deinit { slots.giveBack(address) }
  }
}
