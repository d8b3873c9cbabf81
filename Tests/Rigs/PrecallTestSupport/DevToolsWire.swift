import Foundation
import Synchronization

/// The DevTools protocol over a pipe: JSON messages that end with a zero byte, read by one thread in order.
final class DevToolsWire: Sendable {
  private struct State {
    var last = 0
    var waiting: [Int: CheckedContinuation<Data, any Error>] = [:]
    var isOver = false
  }

  private let state = Mutex(State())
  private let output: FileHandle
  private let input: FileHandle
  private let writing = DispatchQueue(label: "devtools")

  init(to input: FileHandle, from output: FileHandle) {
    self.input = input
    self.output = output
    Thread.detachNewThread { [self] in read() }
  }

  func close() {
    try? input.close()
    fail(RigError("Chromium has been closed"))
  }

  /// The `result` that comes back, or the error that Chromium names.
  func send(
    _ method: String, _ parameters: [String: any Sendable], session: String?, within limit: Duration = .seconds(60)
  ) async throws -> DevToolsReply {
    let message = try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask { try await self.exchange(method, parameters, session) }
      group.addTask {
        try await Task.sleep(for: limit)
        throw RigError("Chromium gave no answer to \(method) within \(limit)")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? Data()
    }
    return try DevToolsReply(message, to: method)
  }

  private func exchange(
    _ method: String, _ parameters: [String: any Sendable], _ session: String?
  ) async throws -> Data {
    let id = state.withLock { state in
      state.last += 1
      return state.last
    }
    var body: [String: any Sendable] = ["id": id, "method": method, "params": parameters]
    if let session { body["sessionId"] = session }
    var message = try JSONSerialization.data(withJSONObject: body)
    message.append(0)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isOver = state.withLock { state in
          if !state.isOver { state.waiting[id] = continuation }
          return state.isOver
        }
        guard !isOver else { return continuation.resume(throwing: RigError("Chromium has ended")) }
        writing.async { [input, message] in try? input.write(contentsOf: message) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }

  private func read() {
    var rest = Data()
    while true {
      let part = output.availableData
      if part.isEmpty { break }
      rest.append(part)
      while let end = rest.firstIndex(of: 0) {
        take(rest[rest.startIndex..<end])
        rest = Data(rest[(end + 1)...])
      }
    }
    fail(RigError("Chromium has ended"))
  }

  private func take(_ message: Data) {
    struct Head: Decodable { var id: Int? }
    guard let id = (try? JSONDecoder().decode(Head.self, from: message))?.id else { return }
    state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: Data(message))
  }

  private func fail(_ error: RigError) {
    let left = state.withLock { state in
      defer { state.waiting = [:] }
      state.isOver = true
      return state.waiting.values
    }
    for continuation in left { continuation.resume(throwing: error) }
  }
}

/// An answer of the DevTools protocol.
package struct DevToolsReply: Sendable {
  private let message: Data

  init(_ message: Data, to method: String) throws {
    self.message = message
    let body = try JSONSerialization.jsonObject(with: message) as? [String: Any]
    if let error = body?["error"] as? [String: Any] { throw RigError("\(method): \(error["message"] ?? error)") }
  }

  package var result: [String: Any] {
    let body = (try? JSONSerialization.jsonObject(with: message)) as? [String: Any]
    return body?["result"] as? [String: Any] ?? [:]
  }

  package func string(_ key: String) throws -> String {
    guard let value = result[key] as? String else { throw RigError("no \(key) in an answer of Chromium") }
    return value
  }
}
