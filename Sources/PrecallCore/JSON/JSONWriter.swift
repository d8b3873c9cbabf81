/// Writes one JSON document (RFC 8259) with keys in the order they are given, so that the same report is
/// the same bytes in every host.
package struct JSONWriter: Sendable {
  package private(set) var text: Text = []
  private var needsComma = false
  private var followsKey = false
  /// Whether nothing stands yet in what was opened last.
  private var isEmpty = false
  /// Spaces a level of nesting; none writes everything on one line.
  private let indent: Int
  private var depth = 0

  package init(indent: Int = 0) { self.indent = indent }

  @inline(__always) package mutating func object(_ body: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "{"))
    body(&self)
    close(UInt8(ascii: "}"))
  }

  @inline(__always) package mutating func array(_ body: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "["))
    body(&self)
    close(UInt8(ascii: "]"))
  }

  /// Begins a member of the object being written; a value must follow.
  @inline(never) package mutating func key(_ name: StaticString) { key(name.bytes) }

  @inline(never) package mutating func key(_ name: Text) {
    separate()
    quote(name)
    text += indent > 0 ? ": " : ":"
    needsComma = false
    followsKey = true
  }

  @inline(never) package mutating func value(_ number: Int64) {
    separate()
    text.append(decimal: number)
    needsComma = true
  }

  @inline(never) package mutating func value(_ truth: Bool) {
    separate()
    text += truth ? "true" : "false"
    needsComma = true
  }

  @inline(never) package mutating func value(_ string: StaticString) { value(string.bytes) }

  @inline(never) package mutating func value(_ string: Text) {
    separate()
    quote(string)
    needsComma = true
  }

  @inline(never) package mutating func member(_ name: StaticString, _ number: Int64) {
    key(name); value(number)
  }
  @inline(never) package mutating func member(_ name: StaticString, _ truth: Bool) { key(name); value(truth) }
  @inline(never) package mutating func member(_ name: StaticString, _ string: StaticString) {
    key(name); value(string)
  }
  @inline(never) package mutating func member(_ name: StaticString, _ string: Text) {
    key(name); value(string)
  }

  /// A member whose key ends in the quantity's unit: `limit` and 30 ms give `"limit_us": 30000`.
  @inline(never) package mutating func member(_ name: StaticString, _ quantity: Quantity) {
    var full = name.bytes
    full.append(UInt8(ascii: "_"))
    full += quantity.unit.suffix
    key(full)
    value(quantity.base)
  }

  @inline(never) private mutating func open(_ bracket: UInt8) {
    separate()
    text.append(bracket)
    needsComma = false
    isEmpty = true
    depth += 1
  }

  @inline(never) private mutating func close(_ bracket: UInt8) {
    depth -= 1
    if !isEmpty { newLine() }
    text.append(bracket)
    needsComma = true
    isEmpty = false
  }

  @inline(never) private mutating func separate() {
    if needsComma { text.append(UInt8(ascii: ",")) }
    if depth > 0, !followsKey { newLine() }
    followsKey = false
    isEmpty = false
  }

  @inline(never) private mutating func newLine() {
    guard indent > 0 else { return }
    text.append(UInt8(ascii: "\n"))
    for _ in 0..<(indent * depth) { text.append(UInt8(ascii: " ")) }
  }

  @inline(never) private mutating func quote(_ string: Text) {
    text.append(UInt8(ascii: "\""))
    for byte in string { escape(byte) }
    text.append(UInt8(ascii: "\""))
  }

  @inline(never) private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): text += "\\\""
    case UInt8(ascii: "\\"): text += "\\\\"
    case 0x0A: text += "\\n"
    case 0x00..<0x20, 0x7F:
      text += "\\u00"
      text.append(Self.hex(byte >> 4))
      text.append(Self.hex(byte & 15))
    default: text.append(byte)
    }
  }

  private static func hex(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}

extension JSONWriter {
  /// One line of JSON Lines: an object that names its `event` first.
  package static func line(_ event: StaticString, _ body: (inout JSONWriter) -> Void) -> Text {
    var writer = JSONWriter()
    writer.object { json in
      json.member("event", event)
      body(&json)
    }
    return writer.text + [0x0A]
  }
}
