import Foundation
import Logging
import Synchronization

/// A log that is kept whole, at its most talkative.
final class TestLog: Sendable {
  private let lines = Mutex<[String]>([])

  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(log: self) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let log: TestLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.lines.withLock { $0.append("\(event.message) \(metadata) \(event.metadata ?? [:])") }
    }
  }
}

enum WallClockSeconds {
  static var now: Int64 { Int64(Date.now.timeIntervalSince1970) }
}
