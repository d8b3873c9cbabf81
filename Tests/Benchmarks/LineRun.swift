import FoundationEssentials
import PrecallCore
import PrecallTestSupport

/// One program on one line: what it said, and what was true.
struct LineRun {
  var peer: String
  var link: String
  var seed: Int
  var seconds: Double
  var megabytes: Double
  var said: [LineFigure: Said]
  var truth: [LineFigure: Double]
  /// Of the line's faster direction, in bits a second; nothing where it has no limit.
  var rate: Double?

  /// Fails where the lab did not run, or where the program did not end as it should: what it crashed on is no figure
  /// that happens to be missing.
  static func of(_ peer: Peer, on link: String, seed: Int) async throws -> LineRun {
    try await Fixtures.withTemporaryFolder { folder in
      let timed = """
        export SAMPLES='\(folder)/samples'; a=$(date +%s%N); \(peer.client) > '\(folder)/said' 2>/dev/null; \
        echo $? > '\(folder)/status'; echo $(($(date +%s%N) - a)) > '\(folder)/time'
        """
      var arguments = [Fixtures.program("link-lab"), link, "--seed", "\(seed)", "--truth", folder + "/truth"]
      if peer.keepsSamples { arguments += ["--samples", folder + "/samples"] }
      if let server = peer.server {
        arguments += ["--server", try secrets(of: peer, folder) + server] + peer.waiting
      }
      _ = Run.of(arguments + ["--", "/bin/sh", "-c", timed])
      guard let truth = bytes(folder + "/truth").flatMap({ try? JSONReader.read($0)["line"] }),
        let time = bytes(folder + "/time")
      else { throw RigError("the lab did not run") }
      let status = bytes(folder + "/status").flatMap {
        Int(String(decoding: $0, as: UTF8.self).filter(\.isNumber))
      }
      guard let status, peer.statuses.contains(status) else {
        throw RigError("it ended with \(status.map { "\($0)" } ?? "nothing")")
      }
      let nanoseconds = Double(String(decoding: time, as: UTF8.self).filter { $0 != "\n" }) ?? 0
      let moved = ["bytes_up", "bytes_down"].map { number($0, of: truth) ?? 0 }.reduce(0, +)
      var figures: [LineFigure: Double] = [:]
      for figure in LineFigure.allCases { figures[figure] = number(figure.rawValue, of: truth) }
      if let up = figures[.lossUp], let down = figures[.lossDown] {
        figures[.roundTripLoss] = (1 - (1 - up / 1e6) * (1 - down / 1e6)) * 1e6
      }
      return LineRun(
        peer: peer.name, link: link, seed: seed, seconds: nanoseconds / 1e9, megabytes: moved / 1e6,
        said: peer.read(bytes(folder + "/said") ?? []), truth: figures, rate: number("rate_bps", of: truth))
    }
  }

  /// What tells the server of its certificate.
  private static func secrets(of peer: Peer, _ folder: String) throws -> String {
    guard peer.isSecure else { return "" }
    let authority = try CertificateAuthority(in: folder)
    return "CHAIN='\(authority.certificate)' KEY='\(authority.key)'; "
  }

  private static func bytes(_ path: String) -> Text? {
    (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) }
  }

  private static func number(_ key: String, of json: JSONValue) -> Double? {
    json.members?.first { $0.key == Array(key.utf8) }?.value.number
  }

  /// Of the truth, as a share; nothing where one of them is missing, or where the program gives a bound only.
  func error(_ figure: LineFigure) -> Double? { isBound(figure) ? nil : distance(figure) }

  /// The same of a bound too.
  func distance(_ figure: LineFigure) -> Double? {
    guard let said = said[figure], let truth = truth[figure], truth > 0 else { return nil }
    return said.value / truth - 1
  }

  /// Of a time, as a share: under half a millisecond counts as none.
  func timeError(_ figure: LineFigure) -> Double? {
    guard let error = error(figure), let difference = difference(figure) else { return nil }
    return difference <= 500 ? 0 : abs(error)
  }

  /// In the figure's unit.
  func difference(_ figure: LineFigure) -> Double? {
    guard let said = said[figure], let truth = truth[figure], !isBound(figure) else { return nil }
    return abs(said.value - truth)
  }

  /// "At least": the figure is its own low end.
  func isBound(_ figure: LineFigure) -> Bool {
    said[figure].map { $0.low == $0.value && $0.high == nil } ?? false
  }

  /// Whether the truth lies in the interval that the program gave; without one, whether it was met exactly.
  func holds(_ figure: LineFigure) -> Bool? {
    guard let said = said[figure], let truth = truth[figure] else { return nil }
    return (said.low ?? said.value) <= truth + 1 && truth <= (said.high ?? said.value) + 1
  }
}
