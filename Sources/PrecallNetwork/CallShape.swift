package import PrecallCore

/// The packets of one direction of a call: when each leaves after the start, and how long it is.
///
/// Sound is a packet every 20 ms. What the rate leaves is video at 30 pictures a second, the first and every
/// `keyInterval`-th of them a key picture of `keySize` times the others' mean and the others smaller by as
/// much. A picture's packets leave at 2.5 times the video's rate, as libwebrtc's pacer lets them. Lengths are
/// those of UDP data; headers of IP come on top, as they do in a call.
package struct CallShape: Sendable {
  package struct Departure: Sendable, Hashable {
    /// Nanoseconds after the start.
    package var after: Int64
    package var octets: Int
  }

  /// In order of leaving.
  package let departures: [Departure]

  /// The longest packet of video, as libwebrtc cuts them to pass tunnels whole.
  package static let longestPacket = 1_200
  /// Sound at 64 kbit/s; a call of a lower rate has less of it, and one of any higher rate just so much.
  private static let soundOctets = 160
  private static let soundSpacing: Int64 = 20_000_000
  private static let pictureSpacing: Int64 = 33_333_333
  private static let keySize = 6
  private static let keyInterval = 90
  private static let pacing = 2.5

  /// - Parameters:
  ///   - rate: of sound and video together.
  ///   - duration: how long packets leave, in nanoseconds.
  package init(rate: BitRate, for duration: Int64) {
    let octets = Double(rate.base) / 8
    let perSound = min(Self.soundOctets, Int(octets * Double(Self.soundSpacing) / 1e9))
    var departures = stride(from: 0, to: duration, by: Int(Self.soundSpacing)).map {
      Departure(after: $0, octets: perSound)
    }
    let video = octets - Double(perSound) * 1e9 / Double(Self.soundSpacing)
    if video > 1_000 { departures += Self.pictures(octetsASecond: video, for: duration) }
    self.departures = departures.sorted { $0.after < $1.after }
  }

  private static func pictures(octetsASecond rate: Double, for duration: Int64) -> [Departure] {
    let times = Array(stride(from: 0, to: duration, by: Int(pictureSpacing)))
    let keys = (times.count + keyInterval - 1) / keyInterval
    let total = rate * Double(duration) / 1e9
    // All pictures together keep the rate, whatever share of them the key pictures are.
    let unit = total / Double(times.count - keys + keys * keySize)
    return times.enumerated().flatMap { index, time in
      packets(of: Int(unit * Double(index % keyInterval == 0 ? keySize : 1)), at: time, rate)
    }
  }

  private static func packets(of octets: Int, at time: Int64, _ rate: Double) -> [Departure] {
    let count = max(1, (octets + longestPacket - 1) / longestPacket)
    let spacing = Int64(Double(octets) / Double(count) / (rate * pacing) * 1e9)
    return (0..<count).map { packet in
      let length = octets / count + (packet < octets % count ? 1 : 0)
      return Departure(after: time + Int64(packet) * spacing, octets: length)
    }
  }
}
