import Foundation
import Synchronization

/// Numbered messages to a browser and the answers that come back in any order, each within a limit.
final class MessageExchange: Sendable {
  private struct State {
    var last = 0
    var waiting: [Int: CheckedContinuation<Data, any Error>] = [:]
    var end: RigError?
  }

  private let state = Mutex(State())
  private let browser: String

  init(with browser: String) { self.browser = browser }

  /// Gives `body` a number of its own, encodes it, hands it to `write`, and waits for what answers it.
  func send(
    _ method: String, _ body: [String: any Sendable], within limit: Duration,
    write: @escaping @Sendable (Data) -> Void
  ) async throws -> BrowserReply {
    let message = try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask { try await self.answer(to: method, body, write) }
      group.addTask { [browser] in
        try await Task.sleep(for: limit)
        throw RigError("\(browser) gave no answer to \(method) within \(limit)")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? Data()
    }
    return try BrowserReply(message, to: method)
  }

  private func answer(
    to method: String, _ body: [String: any Sendable], _ write: @escaping @Sendable (Data) -> Void
  ) async throws -> Data {
    let id = state.withLock { state in
      state.last += 1
      return state.last
    }
    let numbered = body.merging(["id": id, "method": method]) { $1 }
    let message = try JSONSerialization.data(withJSONObject: numbered)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let end = state.withLock { state in
          if state.end == nil { state.waiting[id] = continuation }
          return state.end
        }
        if let end { continuation.resume(throwing: end) } else { write(message) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }

  /// A message that has come; events answer nobody.
  func take(_ message: Data) {
    struct Head: Decodable { var id: Int? }
    guard let id = (try? JSONDecoder().decode(Head.self, from: message))?.id else { return }
    state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: message)
  }

  /// No more answers will come.
  func end() {
    let error = RigError("\(browser) has ended")
    let left = state.withLock { state in
      defer { state.waiting = [:] }
      state.end = error
      return state.waiting.values
    }
    for continuation in left { continuation.resume(throwing: error) }
  }
}

/// An answer of a browser.
package struct BrowserReply: Sendable {
  private let message: Data

  init(_ message: Data, to method: String) throws {
    self.message = message
    let body = try JSONSerialization.jsonObject(with: message) as? [String: Any]
    // DevTools names an error in an object, WebDriver BiDi beside the answer.
    if let error = body?["error"] {
      throw RigError("\(method): \((error as? [String: Any])?["message"] ?? body?["message"] ?? error)")
    }
  }

  package var result: [String: Any] {
    let body = (try? JSONSerialization.jsonObject(with: message)) as? [String: Any]
    return body?["result"] as? [String: Any] ?? [:]
  }

  package func string(_ key: String) throws -> String {
    guard let value = result[key] as? String else { throw RigError("no \(key) in an answer of the browser") }
    return value
  }
}
