import Foundation

/// One page in a Chromium, and what a person does with it.
package struct ChromiumPage: BrowserPage {
  let wire: DevToolsWire
  let session: String
  /// The world that expressions are of: nothing for the page's own.
  var context: Int?

  @discardableResult
  package func command(_ method: String, _ parameters: [String: any Sendable] = [:]) async throws
    -> BrowserReply
  {
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

  package func text(of expression: String) async throws -> String {
    var parameters: [String: any Sendable] = [
      "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
    ]
    parameters["contextId"] = context
    let reply = try await command("Runtime.evaluate", parameters)
    if let exception = reply.result["exceptionDetails"] as? [String: Any] {
      let thrown = exception["exception"] as? [String: Any]
      throw RigError("\(expression): \(thrown?["description"] ?? exception["text"] ?? exception)")
    }
    return (reply.result["result"] as? [String: Any])?["value"] as? String ?? "{}"
  }

  /// What is in the page's first frame, whatever its origin: the same document, seen from a world of its own.
  package func firstFrame() async throws -> ChromiumPage {
    let tree = try await command("Page.getFrameTree").result["frameTree"] as? [String: Any]
    let frames = tree?["childFrames"] as? [[String: Any]]
    guard let id = (frames?.first?["frame"] as? [String: Any])?["id"] as? String else {
      throw RigError("the page has no frame of its own process")
    }
    let world = try await command("Page.createIsolatedWorld", ["frameId": id])
    var frame = self
    frame.context = world.result["executionContextId"] as? Int
    return frame
  }

  package func press(x: Double, y: Double) async throws {
    for type in ["mousePressed", "mouseReleased"] {
      try await command(
        "Input.dispatchMouseEvent", ["type": type, "x": x, "y": y, "button": "left", "clickCount": 1])
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
