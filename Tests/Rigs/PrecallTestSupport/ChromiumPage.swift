import Foundation

/// One page in a Chromium, and what a person does with it.
package struct ChromiumPage: Sendable {
  let wire: DevToolsWire
  let session: String

  @discardableResult
  package func command(_ method: String, _ parameters: [String: any Sendable] = [:]) async throws -> DevToolsReply {
    try await wire.send(method, parameters, session: session)
  }

  package func resize(width: Int, height: Int) async throws {
    try await command(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
  }

  /// Goes to `address` and waits until its scripts have run.
  package func open(_ address: String) async throws {
    try await command("Page.navigate", ["url": address])
    try await wait("document.readyState === 'complete' && location.href !== 'about:blank'")
  }

  /// The value of a JavaScript expression, which may be a promise; an exception is an error.
  package func value<Value: Decodable>(_ expression: String, as type: Value.Type = Value.self) async throws -> Value {
    let reply = try await command(
      "Runtime.evaluate",
      [
        "expression": "(async () => JSON.stringify({value: await (\(expression))}))()", "awaitPromise": true,
        "returnByValue": true, "userGesture": true,
      ])
    if let exception = reply.result["exceptionDetails"] as? [String: Any] {
      let thrown = exception["exception"] as? [String: Any]
      throw RigError("\(expression): \(thrown?["description"] ?? exception["text"] ?? exception)")
    }
    let text = (reply.result["result"] as? [String: Any])?["value"] as? String ?? "{}"
    return try JSONDecoder().decode(Box<Value>.self, from: Data(text.utf8)).value
  }

  /// Runs statements and waits for nothing that they start.
  package func run(_ statements: String) async throws {
    _ = try await value("(() => { \(statements); return true })()", as: Bool.self)
  }

  /// Polls until the expression holds.
  package func wait(_ expression: String, within limit: Duration = .seconds(30)) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if (try? await value("!!(\(expression))", as: Bool.self)) == true { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw RigError("it did not come about within \(limit): \(expression)")
  }

  /// Presses the mouse in the middle of what the expression gives: a true press of a person.
  package func click(_ element: String) async throws {
    let place: [Double] = try await value(
      """
      (async () => {
        const element = \(element); element.scrollIntoView({block: 'center', behavior: 'instant'})
        await new Promise(requestAnimationFrame)
        const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]
      })()
      """)
    for type in ["mousePressed", "mouseReleased"] {
      try await command(
        "Input.dispatchMouseEvent",
        ["type": type, "x": place[0], "y": place[1], "button": "left", "clickCount": 1])
    }
  }

  /// Presses a key: `Tab`, `Enter` or ` `.
  package func press(_ key: String, shift: Bool = false) async throws {
    let codes = ["Tab": 9, "Enter": 13, " ": 32]
    var parameters: [String: any Sendable] = [
      "type": "keyDown", "key": key, "code": key == " " ? "Space" : key, "modifiers": shift ? 8 : 0,
      "windowsVirtualKeyCode": codes[key] ?? 0,
    ]
    if key != "Tab" { parameters["text"] = key == "Enter" ? "\r" : key }
    try await command("Input.dispatchKeyEvent", parameters)
    parameters["type"] = "keyUp"
    parameters["text"] = nil
    try await command("Input.dispatchKeyEvent", parameters)
  }

  /// The whole page as a PNG.
  package func screenshot() async throws -> Data {
    let reply = try await command("Page.captureScreenshot", ["captureBeyondViewport": true])
    return Data(base64Encoded: try reply.string("data")) ?? Data()
  }

  /// Role and name of everything that assistive technology is told of.
  package func accessibilityTree() async throws -> [(role: String, name: String)] {
    let reply = try await command("Accessibility.getFullAXTree")
    let nodes = reply.result["nodes"] as? [[String: Any]] ?? []
    return nodes.filter { $0["ignored"] as? Bool != true }.map { node in
      func text(_ key: String) -> String { (node[key] as? [String: Any])?["value"] as? String ?? "" }
      return (text("role"), text("name"))
    }
  }
}

private struct Box<Value: Decodable>: Decodable {
  var value: Value
}
