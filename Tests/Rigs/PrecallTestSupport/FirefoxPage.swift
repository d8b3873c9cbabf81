import Foundation

/// One page in a Firefox.
package struct FirefoxPage: BrowserPage {
  let wire: BiDiWire
  let context: String

  package func open(_ address: String) async throws {
    try await wire.send(
      "browsingContext.navigate", ["context": context, "url": address, "wait": "complete"])
  }

  package func resize(width: Int, height: Int) async throws {
    try await wire.send(
      "browsingContext.setViewport", ["context": context, "viewport": ["width": width, "height": height]])
  }

  package func text(of expression: String) async throws -> String {
    let reply = try await wire.send(
      "script.evaluate",
      [
        "expression": expression, "target": ["context": context], "awaitPromise": true,
        "userActivation": true,
      ])
    if let exception = reply.result["exceptionDetails"] as? [String: Any] {
      throw RigError("\(expression): \(exception["text"] ?? exception)")
    }
    return (reply.result["result"] as? [String: Any])?["value"] as? String ?? "{}"
  }

  package func press(x: Double, y: Double) async throws {
    let steps: [[String: any Sendable]] = [
      ["type": "pointerMove", "x": Int(x), "y": Int(y)], ["type": "pointerDown", "button": 0],
      ["type": "pointerUp", "button": 0],
    ]
    let mouse: [String: any Sendable] = ["type": "pointer", "id": "mouse", "actions": steps]
    try await wire.send("input.performActions", ["context": context, "actions": [mouse]])
  }

  /// Types letters into what has the focus.
  package func type(_ words: String) async throws {
    let steps = words.flatMap { letter in
      ["keyDown", "keyUp"].map { ["type": $0, "value": String(letter)] }
    }
    let keyboard: [String: any Sendable] = ["type": "key", "id": "keyboard", "actions": steps]
    try await wire.send("input.performActions", ["context": context, "actions": [keyboard]])
  }

  package func screenshot() async throws -> Data {
    let reply = try await wire.send(
      "browsingContext.captureScreenshot", ["context": context, "origin": "document"])
    return Data(base64Encoded: try reply.string("data")) ?? Data()
  }
}
