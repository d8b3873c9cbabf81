import Foundation

/// A page in a browser, whichever it is, and what a person does with it.
package protocol BrowserPage: Sendable {
  /// Goes to `address` and waits until its scripts have run.
  func open(_ address: String) async throws
  func resize(width: Int, height: Int) async throws
  /// What a JavaScript expression gives, which is a promise of text; an exception is an error.
  func text(of expression: String) async throws -> String
  /// Presses and releases the mouse at a place of the window: a true press of a person.
  func press(x: Double, y: Double) async throws
  func screenshot() async throws -> Data
}

extension BrowserPage {
  /// The value of a JavaScript expression, which may be a promise; an exception is an error.
  package func value<Value: Decodable>(_ expression: String, as type: Value.Type = Value.self) async throws
    -> Value
  {
    let text = try await text(of: "(async () => JSON.stringify({value: await (\(expression))}))()")
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

  /// Presses the mouse in the middle of what the expression gives.
  package func click(_ element: String) async throws {
    let place: [Double] = try await value(
      """
      (async () => {
        const element = \(element); element.scrollIntoView({block: 'center', behavior: 'instant'})
        await new Promise(requestAnimationFrame)
        const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]
      })()
      """)
    try await press(x: place[0], y: place[1])
  }
}

private struct Box<Value: Decodable>: Decodable {
  var value: Value
}
