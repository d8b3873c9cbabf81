import PrecallCore
import PrecallNetwork
import Testing

/// The reflector's count comes over HTTP, and may be older than the last replies.
@Suite struct ReflectorCountTests {
  /// A hundred packets that all came back; the last with the number `last`.
  private func run(last: Int = 99) -> PacketRun {
    var run = PacketRun()
    run.sentAt = (0..<100).map { Microseconds(base: $0 * 10_000) }
    run.replies = (0..<100).map { sequence in
      let time = run.sentAt[sequence] + .milliseconds(5)
      return PacketReply(
        sequence: sequence, reflectorReceivedAt: time, reflectorSentAt: time,
        reflectorSequence: sequence == 99 ? last : sequence, receivedAt: time + .milliseconds(5))
    }
    return run
  }

  private func adopted(_ run: PacketRun, count: Int?) -> PacketRun {
    var mine = PacketRun()
    mine.reflectorReceived = count
    mine.adopt(run)
    return mine
  }

  @Test func `An older count is raised by what came back, and the line is believed`() {
    let late = adopted(run(), count: 98)
    #expect(late.reflectorReceived == 100)
    #expect(ReflectorAccount(of: late).isBelieved)
  }

  @Test func `A number beyond all that was sent raises nothing, and is no more believed`() {
    let lying = adopted(run(last: 100), count: 98)
    #expect(lying.reflectorReceived == 99)
    #expect(!ReflectorAccount(of: lying).isCountPossible)
  }

  @Test func `A count that holds stays, and none is made up`() {
    #expect(adopted(run(), count: 103).reflectorReceived == 103)
    #expect(adopted(run(), count: nil).reflectorReceived == nil)
  }
}
