import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The runs of packets in `Fixtures/network/packets`, in the form of `precall-test --samples`: each has its
/// figures beside it, with the arithmetic by hand.
struct `Recorded packets` {
  struct Recording: CustomTestStringConvertible {
    let testDescription: String
    let packets: PacketRun
    let figures: [String: Int64]

    init(_ file: URL) throws {
      testDescription = file.deletingPathExtension().lastPathComponent
      let json = try JSONReader.read([UInt8](Data(contentsOf: file)))
      packets = try NetworkMeasurement(json: json).packets
      let listed = try #require(json["figures"]?.members).map { member in
        (String(decoding: member.key, as: UTF8.self), try #require(member.value.integer))
      }
      figures = Dictionary(uniqueKeysWithValues: listed)
    }
  }

  static func recordings() throws -> [Recording] {
    try Fixtures.json(in: "network/packets").map { try Recording($0) }
  }

  @Test func `are all read`() throws { #expect(try Self.recordings().count == 4) }

  @Test(arguments: try Self.recordings())
  func `have the figures that were computed by hand`(recording: Recording) throws {
    let run = recording.packets
    let all = 0..<run.sentAt.count
    let trip = try #require(RoundTripTime(of: run, in: all))
    let order = PacketOrder(of: run, in: all)
    var figures = [
      "round_trips": Int64(trip.count), "round_trip_least_us": trip.minimum.base,
      "round_trip_median_us": trip.median.base, "round_trip_p95_us": trip.p95.base,
      "arrived": Int64(order.arrived), "reordered": Int64(order.reordered),
      "duplicates": Int64(order.duplicates),
    ]
    for (name, direction) in [("up_", Direction.up), ("down_", .down)] {
      for (key, value) in try Self.figures(of: run, direction) { figures[name + key] = value }
    }
    #expect(Set(figures.keys) == Set(recording.figures.keys))
    for (key, value) in figures { #expect(value == recording.figures[key], "\(key)") }
  }

  private static func figures(of run: PacketRun, _ direction: Direction) throws -> [String: Int64] {
    let all = 0..<run.sentAt.count
    let transit = OneWayTransit(of: run, in: all, direction)
    let jitter = try #require(Jitter(of: transit))
    let variation = try #require(DelayVariation(of: transit))
    let loss = try #require(PacketLoss(of: PacketFates(of: run), in: all, direction))
    return [
      "jitter_mean_us": jitter.mean.base, "jitter_smoothed_us": jitter.smoothed.base,
      "variation_p95_us": variation.p95.base, "sent": Int64(loss.sent), "lost": Int64(loss.lost),
      "longest_burst": Int64(loss.longestBurst),
      "mean_burst_hundredths": Int64((100 * (loss.meanBurst ?? 0)).rounded()),
    ]
  }
}
