import Foundation
import PrecallCore
import PrecallTestSupport
import PrecallWeb

/// The browser's engine beside the native one on the same recorded samples: same bytes, and how much slower.
enum EngineBenchmark {
  private static let rounds = 200

  static func run() async {
    do {
      let requests = try requests()
      let browser = try await Node.judge(requests, by: engine, times: rounds)
      let (answers, native) = judge(requests)
      let isSame = zip(browser.answers, answers).allSatisfy { $0 == $1 }
      print(
        "browser's engine, bytes of \(requests.count) reports: \(isSame ? "the same" : "different")\(Miss.mark(where: !isSame))"
      )
      let ratio = Double(browser.microseconds) / native
      print(
        "browser's engine: \(browser.microseconds) us, native: \(Int(native)) us, ratio: "
          + "\(Int(ratio)).\(Int(ratio * 10) % 10)")
    } catch {
      print("browser's engine: \(error)" + Miss.mark(where: true, ": FAILED"))
    }
  }

  private static func requests() throws -> [[UInt8]] {
    try ["browser/measurements", "measurements"].flatMap { folder in
      try Fixtures.names(in: folder, ending: "json").map { name in
        Array(#"{"measurements":"#.utf8) + (try Fixtures.bytes("\(folder)/\(name)")) + Array("}".utf8)
      }
    }
  }

  /// The answers, and the microseconds of the last round.
  private static func judge(_ requests: [[UInt8]]) -> ([[UInt8]], Double) {
    var answers: [[UInt8]] = []
    var last = Duration.zero
    for _ in 0..<rounds {
      last = ContinuousClock().measure { answers = requests.map { Judge.answer(to: $0) } }
    }
    return (answers, last / .microseconds(1))
  }
}
