/// The figures of a run of frames.
///
/// The first half second after the first frame is left out: exposure settles, and virtual cameras empty
/// their queue in a burst. Where less than that came, everything counts.
package struct FrameSummary: Sendable {
  /// From the start of streaming to the first frame.
  package let firstFrame: Microseconds?
  /// Whole frames a second, as (n − 1) over the time from the first to the last.
  package let rate: FrameRate?
  package let rateSamples: Int
  package let longestGap: Microseconds?
  /// Share of the driver's count that never came; nothing where it counts not.
  package let lost: Share?
  package let damaged: Share?
  /// Of all frames that came.
  package let count: Int
  /// The pictures that were looked at, without the damaged ones.
  package let pictures: [PictureStatistics]
  /// Every frame of the last two seconds was bit for bit the one before.
  package let isFrozen: Bool

  package static let settling = Microseconds(base: 500_000)
  package static let frozenAfter = Microseconds(base: 2_000_000)

  package init(of frames: [FrameSample]) {
    count = frames.count
    firstFrame = frames.first?.arrivedAt
    let settled = Self.settled(frames)
    let whole = settled.filter { $0.fault == nil }
    rateSamples = whole.count
    rate = Self.rate(of: whole)
    longestGap = Self.longestGap(of: settled)
    lost = Self.lost(of: settled)
    damaged = settled.isEmpty ? nil : Share(settled.count - whole.count, of: settled.count)
    pictures = whole.compactMap { $0.picture }
    isFrozen = Self.isFrozen(frames)
  }

  private static func settled(_ frames: [FrameSample]) -> [FrameSample] {
    guard let first = frames.first else { return [] }
    let rest = frames.filter { $0.arrivedAt >= first.arrivedAt + settling }
    return rest.count >= 3 ? rest : frames
  }

  private static func rate(of frames: [FrameSample]) -> FrameRate? {
    guard frames.count >= 2, let first = frames.first, let last = frames.last else { return nil }
    let time = (last.arrivedAt - first.arrivedAt).inSeconds
    return time > 0 ? FrameRate(Double(frames.count - 1) / time) : nil
  }

  private static func longestGap(of frames: [FrameSample]) -> Microseconds? {
    guard frames.count >= 2 else { return nil }
    var longest = Microseconds.zero
    for (one, next) in zip(frames, frames.dropFirst()) {
      longest = max(longest, next.arrivedAt - one.arrivedAt)
    }
    return longest
  }

  private static func lost(of frames: [FrameSample]) -> Share? {
    guard frames.count >= 2 else { return nil }
    var missing: Int64 = 0
    for (one, next) in zip(frames, frames.dropFirst()) {
      guard let before = one.sequence, let after = next.sequence else { return nil }
      // The driver's count has 32 bits and begins again; a step back is a restart, not a loss.
      let step = (after - before) & 0xFFFF_FFFF
      if step > 1, step < 1 << 31 { missing += step - 1 }
    }
    return Share(Int(missing), of: Int(missing) + frames.count)
  }

  private static func isFrozen(_ frames: [FrameSample]) -> Bool {
    guard let last = frames.last, let moved = frames.last(where: { !$0.isRepeat }) else { return false }
    return last.arrivedAt - moved.arrivedAt >= frozenAfter
  }
}

extension FrameSummary {
  /// The median, which one odd picture does not move; nothing where no picture has the figure.
  package func median(_ figure: (PictureStatistics) -> Share?) -> Share? {
    let shares = pictures.compactMap { figure($0)?.base }
    guard !shares.isEmpty else { return nil }
    return Share(base: shares[ascending(shares)[shares.count / 2]])
  }

  package func areAll(_ holds: (PictureStatistics) -> Bool) -> Bool {
    !pictures.isEmpty && pictures.allSatisfy(holds)
  }
}
