/// The E-model (ITU-T G.107) reduced to a packet path: how a call would be rated, from delay and loss.
///
/// All parameters but delay and loss keep G.107's defaults, which give R = 93.2 without impairment. The
/// delay impairment is G.107's own Idd; the Cole-Rosenbluth short form differs from it by 3 to 17 and is
/// here only to hold the published vectors. The result is an estimate, never a measured opinion.
package struct EModel: Sendable {
  /// What a codec costs (G.113): Ie without loss, and Bpl, how well it stands random loss.
  package struct Codec: Sendable {
    package var equipmentImpairment: Double
    package var lossRobustness: Double

    package init(equipmentImpairment: Double, lossRobustness: Double) {
      self.equipmentImpairment = equipmentImpairment
      self.lossRobustness = lossRobustness
    }

    /// Opus with forward error correction. ITU publishes no values (P.833.2 gives only the method); these
    /// are the practitioners' of rtcscore.
    package static let opus = Codec(equipmentImpairment: 6, lossRobustness: 20)
    /// G.711 with packet loss concealment: G.113 Table I.3.
    package static let g711 = Codec(equipmentImpairment: 0, lossRobustness: 25.1)
  }

  /// How the one-way delay becomes an impairment.
  package enum DelayForm: Sendable {
    /// Idd of G.107, with sT = 1 and mT = 100 ms.
    case exact
    /// Cole and Rosenbluth 2001: 0.024 Ta + 0.11 (Ta - 177.3) H(Ta - 177.3).
    case short
  }

  package static let unimpaired = 93.2

  /// Time that the ends add to the network's: a frame of 20 ms and Opus's look-ahead of 6.5 ms (RFC 6716).
  package static let codecDelay = Microseconds(base: 26_500)

  /// The rating R of a path.
  ///
  /// - Parameter oneWayDelay: from mouth to ear, the de-jitter buffer included.
  /// - Parameter burstRatio: mean burst over the mean burst that random loss would make; 1 for random loss.
  package static func rating(
    oneWayDelay: Microseconds, loss: Share, burstRatio: Double = 1, codec: Codec, form: DelayForm = .exact
  ) -> Double {
    let delay = max(0, oneWayDelay.inMilliseconds)
    let impairment = form == .exact ? idd(delay) : shortForm(delay)
    return unimpaired - impairment - lossImpairment(loss, burstRatio: burstRatio, codec)
  }

  /// The mean opinion score of a rating (G.107 Annex B). The polynomial dips below 1 for R under 6.52 and
  /// is held at 1 there.
  package static func score(rating: Double) -> OpinionScore {
    if rating <= 0 { return OpinionScore(1.0) }
    if rating >= 100 { return OpinionScore(4.5) }
    let score = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6
    return OpinionScore(max(1, score))
  }

  /// Ie,eff: G.107 equation 7-29.
  private static func lossImpairment(_ loss: Share, burstRatio: Double, _ codec: Codec) -> Double {
    let percent = min(max(loss.inPercent, 0), 100)
    let share = percent / (percent / max(burstRatio, 1) + codec.lossRobustness)
    return codec.equipmentImpairment + (95 - codec.equipmentImpairment) * share
  }

  private static func idd(_ milliseconds: Double) -> Double {
    guard milliseconds > 100 else { return 0 }
    let x = Mathematics.log2(milliseconds / 100)
    return 25 * (sixthRoot(x) - 3 * sixthRoot(x / 3) + 2)
  }

  /// (1 + x^6)^(1/6)
  private static func sixthRoot(_ x: Double) -> Double {
    Mathematics.pow(1 + x * x * x * x * x * x, 1.0 / 6)
  }

  private static func shortForm(_ milliseconds: Double) -> Double {
    0.024 * milliseconds + (milliseconds > 177.3 ? 0.11 * (milliseconds - 177.3) : 0)
  }
}
