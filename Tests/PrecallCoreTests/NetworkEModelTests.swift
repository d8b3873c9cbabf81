import PrecallCore
import Testing

struct `E-model` {
  /// Ie 0 and Bpl 20, as the published vectors have it.
  private static let plain = EModel.Codec(equipmentImpairment: 0, lossRobustness: 20)

  private func rating(
    _ milliseconds: Double, _ percent: Double, burst: Double = 1, form: EModel.DelayForm = .exact
  ) -> Double {
    EModel.rating(
      oneWayDelay: .milliseconds(milliseconds), loss: .percent(percent), burstRatio: burst, codec: Self.plain,
      form: form)
  }

  @Test(arguments: [
    (50.0, 0.0, 92.00, 4.385), (100, 1, 86.28, 4.237), (150, 0, 89.60, 4.329), (150, 1, 85.08, 4.201),
    (150, 3, 77.21, 3.914), (150, 5, 70.60, 3.625), (200, 0, 85.90, 4.226), (200, 3, 73.51, 3.757),
    (300, 1, 67.98, 3.501), (400, 5, 40.10, 2.069),
  ]) func `the short form holds the published vectors`(delay: Double, loss: Double, r: Double, mos: Double) {
    let rating = rating(delay, loss, form: .short)
    #expect(abs(rating - r) < 0.006)
    #expect(abs(EModel.score(rating: rating).score - mos) < 0.0011)
  }

  @Test(arguments: [(100.0, 0.0), (150, 0.16), (200, 3.04), (300, 14.76), (400, 24.07), (500, 30.64)])
  func `the exact form is G.107's Idd`(delay: Double, impairment: Double) {
    #expect(abs(EModel.unimpaired - rating(delay, 0) - impairment) < 0.006)
  }

  @Test(arguments: [(50.0, 2.575), (60, 3.100), (70, 3.597), (80, 4.024), (90, 4.339), (93.2, 4.409)])
  func `a rating becomes the published score`(rating: Double, mos: Double) {
    #expect(abs(EModel.score(rating: rating).score - mos) < 0.0011)
  }

  @Test func `no score leaves 1 to 4.5, and better ratings never score worse`() {
    var before = OpinionScore(1.0)
    for step in -200...1_200 {
      let score = EModel.score(rating: Double(step) / 10)
      #expect(score >= before && score <= OpinionScore(4.5))
      before = score
    }
  }

  @Test func `more delay, more loss, longer bursts never rate better`() {
    for form in [EModel.DelayForm.exact, .short] {
      for delay in stride(from: 0.0, through: 1_000, by: 40) {
        for loss in stride(from: 0.0, through: 100, by: 5) {
          for burst in [1.0, 2, 5] {
            let here = rating(delay, loss, burst: burst, form: form)
            #expect(rating(delay + 10, loss, burst: burst, form: form) <= here)
            #expect(rating(delay, min(100, loss + 1), burst: burst, form: form) <= here)
            #expect(rating(delay, loss, burst: burst + 1, form: form) <= here)
          }
        }
      }
    }
  }

  @Test func `a codec that spoils more never rates better`() {
    for form in [EModel.DelayForm.exact, .short] {
      for impairment in stride(from: 0.0, through: 94, by: 2) {
        for loss in stride(from: 0.0, through: 100, by: 10) {
          func rating(_ impairment: Double) -> Double {
            let codec = EModel.Codec(equipmentImpairment: impairment, lossRobustness: 4.3)
            return EModel.rating(
              oneWayDelay: .milliseconds(100), loss: .percent(loss), codec: codec, form: form)
          }
          // Loss takes what the codec left, so that nothing is left to take where all of it is lost.
          #expect(rating(impairment + 1) <= rating(impairment))
          if loss == 0 { #expect(abs(rating(impairment) - rating(impairment + 1) - 1) < 1e-9) }
        }
      }
    }
  }

  @Test func `a codec that stands loss better never rates worse`() {
    for robustness in [4.3, 10, 20, 25.1] {
      let codec = EModel.Codec(equipmentImpairment: 0, lossRobustness: robustness)
      let better = EModel.Codec(equipmentImpairment: 0, lossRobustness: robustness + 1)
      let delay = Microseconds.milliseconds(100)
      #expect(
        EModel.rating(oneWayDelay: delay, loss: .percent(3), codec: codec)
          < EModel.rating(oneWayDelay: delay, loss: .percent(3), codec: better))
    }
  }
}

/// Faults found in other toolkits, each with the number that the fault gives: ours must differ. That
/// seconds, milliseconds, fractions and percent can't be taken for each other is the compiler's to hold:
/// `rating` takes `Microseconds` and `Share`, and neither is made from a bare number.
struct `Faults of other E-models` {
  private let delay = 300.0
  private let loss = 3.0
  private let codec = EModel.Codec(equipmentImpairment: 0, lossRobustness: 20)

  private func ours(_ form: EModel.DelayForm) -> Double {
    EModel.rating(oneWayDelay: .milliseconds(delay), loss: .percent(loss), codec: codec, form: form)
  }

  private func lossImpairment(_ percent: Double) -> Double { 95 * percent / (percent + 20) }

  @Test func `delay in seconds taken for milliseconds would rate a bad line as perfect`() {
    #expect(93.2 - 0.024 * 0.3 - lossImpairment(loss) - ours(.short) > 20)
  }

  @Test func `loss as a fraction taken for percent would hide it`() {
    let faulty = 93.2 - 20.697 - lossImpairment(loss / 100)
    #expect(faulty - ours(.short) > 10)
  }

  @Test func `a misplaced bracket around the delay is not ours`() {
    #expect(abs(93.2 - (0.024 * delay + 0.11) * (delay - 177.3) - lossImpairment(loss) - ours(.short)) > 100)
  }

  @Test func `a misplaced bracket and 1e-6 in the score are not ours`() {
    let r = 70.0
    let curve = r * (r - 60) * (100 - r)
    let score = EModel.score(rating: r).score
    #expect(abs(1 + 0.035 * r + curve * 1e-6 - score) > 0.1)
    #expect(abs((1 + 0.035) * r + curve * 7e-6 - score) > 10)
  }

  @Test func `an exponent of 6 - sT in place of 6 sT is not ours`() {
    let delay = 150.0
    let ours = EModel.rating(oneWayDelay: .milliseconds(delay), loss: .percent(loss), codec: codec)
    let x = Mathematics.log2(delay / 100)
    func root(_ x: Double) -> Double { Mathematics.pow(1 + Mathematics.pow(x, 5), 1.0 / 5) }
    let faulty = 93.2 - 25 * (root(x) - 3 * root(x / 3) + 2) - lossImpairment(loss)
    #expect(abs(faulty - ours) > 0.1)
  }

  @Test func `no delay or loss ever rates above an unimpaired line`() {
    // 0.1 * delay - 150 rewards delays under 1,500 ms.
    for delay in stride(from: 0.0, through: 2_000, by: 50) {
      #expect(
        EModel.rating(oneWayDelay: .milliseconds(delay), loss: .zero, codec: codec) <= EModel.unimpaired)
    }
  }

  @Test func `delay counts at all`() {
    let near = EModel.rating(oneWayDelay: .milliseconds(50), loss: .zero, codec: codec)
    let far = EModel.rating(oneWayDelay: .milliseconds(500), loss: .zero, codec: codec)
    #expect(near - far > 20)
  }

  @Test func `jitter is no standard deviation of round-trip times`() throws {
    // Half of the packets 20 ms slower, in two blocks: one step of 20 ms in 99 pairs, not the deviation of 10.
    var run = PacketRun()
    for sequence in 0..<100 {
      let sent = Int64(sequence) * 10_000
      let delay: Int64 = sequence < 50 ? 10_000 : 30_000
      run.sentAt.append(Microseconds(base: sent))
      run.replies.append(
        PacketReply(
          sequence: sequence, reflectorReceivedAt: Microseconds(base: sent + delay),
          reflectorSentAt: Microseconds(base: sent + delay), reflectorSequence: sequence,
          receivedAt: Microseconds(base: sent + delay + 10_000)))
    }
    let jitter = try #require(Jitter(of: OneWayTransit(of: run, in: 0..<100, .up)))
    #expect(jitter.mean == Microseconds(base: 202))
  }
}
