package import PrecallCore
import Synchronization

/// Reports that people sent to the helpdesk: each under a code that can be read out on the telephone. They live
/// in memory, are forgotten after a day, and the oldest goes first where there are too many: of all, or from one address,
/// so that nobody pushes out the reports of others.
package final class KeptReports: Sendable {
  /// Seconds for which a helpdesk can ask for one.
  package static let lifetime: Int64 = 24 * 60 * 60
  private static let capacity = 1_000
  private static let capacityPerAddress = 50
  /// Digits and capitals, without those that look or sound alike.
  private static let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")

  private struct Kept {
    var code: String
    var address: String
    var report: Text
    var end: Int64
  }

  private let reports = Mutex<[Kept]>([])

  package init() {}

  /// Keeps a report and gives its code, as `K7QM-2XPD`.
  package func keep(_ report: Text, from address: String, now: Int64) -> String {
    let address = AddressLimit.network(of: address)
    return reports.withLock { reports in
      reports.removeAll { $0.end <= now }
      if reports.count(where: { $0.address == address }) >= Self.capacityPerAddress,
        let oldest = reports.firstIndex(where: { $0.address == address })
      {
        reports.remove(at: oldest)
      }
      if reports.count >= Self.capacity { reports.removeFirst() }
      var code = Self.makeCode()
      while reports.contains(where: { $0.code == code }) { code = Self.makeCode() }
      reports.append(Kept(code: code, address: address, report: report, end: now + Self.lifetime))
      return code
    }
  }

  /// The report of a code, however it was typed: small letters, with or without the dash.
  package func report(_ code: String, now: Int64) -> Text? {
    let plain = { (code: String) in code.uppercased().filter { $0 != "-" && $0 != " " } }
    return reports.withLock { reports in
      reports.first { plain($0.code) == plain(code) && $0.end > now }?.report
    }
  }

  private static func makeCode() -> String {
    let half = { String((0..<4).map { _ in letters[Int.random(in: 0..<letters.count)] }) }
    return "\(half())-\(half())"
  }
}
