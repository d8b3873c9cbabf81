import Foundation

/// The DevTools protocol over a pipe: JSON messages that end with a zero byte, read by one thread in order.
final class DevToolsWire: Sendable {
  private let exchange = MessageExchange(with: "Chromium")
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
    exchange.end()
  }

  /// The `result` that comes back, or the error that Chromium names.
  func send(
    _ method: String, _ parameters: [String: any Sendable], session: String?,
    within limit: Duration = .seconds(60)
  ) async throws -> BrowserReply {
    var body: [String: any Sendable] = ["params": parameters]
    if let session { body["sessionId"] = session }
    return try await exchange.send(method, body, within: limit) { [input, writing] message in
      writing.async { try? input.write(contentsOf: message + [0]) }
    }
  }

  private func read() {
    var rest = Data()
    while true {
      let part = output.availableData
      if part.isEmpty { break }
      rest.append(part)
      while let end = rest.firstIndex(of: 0) {
        exchange.take(Data(rest[rest.startIndex..<end]))
        rest = Data(rest[(end + 1)...])
      }
    }
    exchange.end()
  }
}
