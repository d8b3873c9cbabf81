/// Reads one JSON document (RFC 8259), strictly and within bounds: no duplicate keys, no lone surrogates,
/// at most `maximumDepth` levels. It exists because the browser's engine has no other reader.
package struct JSONReader {
  package static let maximumDepth = 32
  /// Of one object; it bounds the search for keys that stand twice.
  package static let maximumMembers = 256
  private let text: Text
  private var position = 0

  private init(_ text: Text) { self.text = text }

  package static func read(_ text: Text, upTo maximumBytes: Int = 16_000_000) throws(JSONError) -> JSONValue {
    guard text.count <= maximumBytes else { throw JSONError(.tooLarge) }
    var reader = JSONReader(text)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == text.count else { throw JSONError(.trailingBytes, at: reader.position) }
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: position) }
    skipSpace()
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func members(depth: Int) throws(JSONError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    position += 1
    skipSpace()
    if try take(UInt8(ascii: "}")) { return members }
    while true {
      skipSpace()
      let start = position
      let key = try string()
      for member in members where member.key == key { throw JSONError(.duplicateKey, at: start, path: key) }
      skipSpace()
      guard try take(UInt8(ascii: ":")) else { throw JSONError(.unexpectedByte, at: position) }
      members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
      guard members.count <= Self.maximumMembers else { throw JSONError(.tooLarge, at: position) }
      skipSpace()
      if try take(UInt8(ascii: "}")) { return members }
      guard try take(UInt8(ascii: ",")) else { throw JSONError(.unexpectedByte, at: position) }
    }
  }

  private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if try take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if try take(UInt8(ascii: "]")) { return elements }
      guard try take(UInt8(ascii: ",")) else { throw JSONError(.unexpectedByte, at: position) }
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let end = position + word.utf8CodeUnitCount
    guard end <= text.count else { throw JSONError(.endsEarly, at: text.count) }
    guard word.equals(text[position..<end]) else { throw JSONError(.unexpectedByte, at: position) }
    position = end
    return value
  }

  private func peek() throws(JSONError) -> UInt8 {
    guard position < text.count else { throw JSONError(.endsEarly, at: position) }
    return text[position]
  }

  private mutating func take(_ byte: UInt8) throws(JSONError) -> Bool {
    guard try peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }
}

// MARK: Numbers

extension JSONReader {
  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    let negative = try take(UInt8(ascii: "-"))
    var value = try digits()
    var scale = 0
    var isInteger = true
    if position < text.count, text[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      let first = position
      while let digit = digit() { value = value * 10 + Double(digit); scale -= 1 }
      guard position > first else { throw JSONError(.badNumber, at: position) }
    }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      scale += try exponent()
    }
    if isInteger, let integer = integer(from: start) { return .integer(integer) }
    value = scaled(value, by: scale)
    guard value.isFinite else { throw JSONError(.badNumber, at: start) }
    return .number(negative ? -value : value)
  }

  private mutating func digits() throws(JSONError) -> Double {
    let first = position
    var value = 0.0
    while let digit = digit() { value = value * 10 + Double(digit) }
    let count = position - first
    guard count > 0 else {
      throw JSONError(position < text.count ? .unexpectedByte : .endsEarly, at: position)
    }
    guard count == 1 || text[first] != UInt8(ascii: "0") else { throw JSONError(.badNumber, at: first) }
    return value
  }

  private mutating func digit() -> UInt8? {
    guard position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) else {
      return nil
    }
    defer { position += 1 }
    return text[position] - UInt8(ascii: "0")
  }

  private mutating func exponent() throws(JSONError) -> Int {
    position += 1
    var negative = false
    if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
      negative = text[position] == UInt8(ascii: "-")
      position += 1
    }
    let first = position
    var value = 0
    while let digit = digit() { value = min(value * 10 + Int(digit), 10_000) }
    guard position > first else { throw JSONError(.badNumber, at: position) }
    return negative ? -value : value
  }

  /// The digits since `start` as a whole number; nothing where they are beyond 64 bits.
  private func integer(from start: Int) -> Int64? {
    let isNegative = text[start] == UInt8(ascii: "-")
    var value: Int64 = 0
    for byte in text[(isNegative ? start + 1 : start)..<position] {
      let digit = Int64(byte - UInt8(ascii: "0"))
      let (shifted, tooLong) = value.multipliedReportingOverflow(by: 10)
      let (next, tooLarge) =
        isNegative ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
      if tooLong || tooLarge { return nil }
      value = next
    }
    return value
  }

  /// `value` times ten to the power of `scale`, by powers of ten that a double holds exactly: what people
  /// write (`0.3`, `2.5e3`) is the nearest double, far ends may be a few units in the last place off it.
  private func scaled(_ value: Double, by scale: Int) -> Double {
    var value = value
    if value == 0 { return 0 }
    var rest = min(abs(scale), 700)
    while rest > 0 {
      var power = 1.0
      for _ in 0..<min(rest, 22) { power *= 10 }
      value = scale < 0 ? value / power : value * power
      rest -= 22
    }
    return value
  }
}

// MARK: Strings

extension JSONReader {
  private mutating func string() throws(JSONError) -> Text {
    guard try take(UInt8(ascii: "\"")) else { throw JSONError(.unexpectedByte, at: position) }
    var string: Text = []
    while true {
      let byte = try peek()
      let start = position
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard isUTF8(string) else { throw JSONError(.notUTF8, at: start) }
        return string
      case UInt8(ascii: "\\"): try escape(into: &string)
      case 0x00..<0x20: throw JSONError(.unexpectedByte, at: start)
      default: string.append(byte)
      }
    }
  }

  private mutating func escape(into string: inout Text) throws(JSONError) {
    let byte = try peek()
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): string.append(byte)
    case UInt8(ascii: "b"): string.append(0x08)
    case UInt8(ascii: "f"): string.append(0x0C)
    case UInt8(ascii: "n"): string.append(0x0A)
    case UInt8(ascii: "r"): string.append(0x0D)
    case UInt8(ascii: "t"): string.append(0x09)
    case UInt8(ascii: "u"): append(scalar: try codePoint(), to: &string)
    default: throw JSONError(.badEscape, at: position - 1)
    }
  }

  private mutating func codePoint() throws(JSONError) -> UInt32 {
    let start = position
    let first = try fourHex()
    guard (0xD800..<0xE000).contains(first) else { return first }
    guard first < 0xDC00, position + 1 < text.count, text[position] == UInt8(ascii: "\\"),
      text[position + 1] == UInt8(ascii: "u")
    else { throw JSONError(.badEscape, at: start) }
    position += 2
    let second = try fourHex()
    guard (0xDC00..<0xE000).contains(second) else { throw JSONError(.badEscape, at: start) }
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
  }

  private mutating func fourHex() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: throw JSONError(.badEscape, at: position)
      }
      position += 1
    }
    return value
  }

  private func append(scalar: UInt32, to string: inout Text) {
    switch scalar {
    case 0..<0x80: string.append(UInt8(scalar))
    case 0x80..<0x800: string.append(contentsOf: [0xC0 | UInt8(scalar >> 6), 0x80 | UInt8(scalar & 63)])
    case 0x800..<0x10000:
      string.append(contentsOf: [
        0xE0 | UInt8(scalar >> 12), 0x80 | UInt8(scalar >> 6 & 63), 0x80 | UInt8(scalar & 63),
      ])
    default:
      string.append(contentsOf: [
        0xF0 | UInt8(scalar >> 18), 0x80 | UInt8(scalar >> 12 & 63), 0x80 | UInt8(scalar >> 6 & 63),
        0x80 | UInt8(scalar & 63),
      ])
    }
  }

  /// Whether the bytes are well-formed UTF-8 (RFC 3629): no overlong forms, surrogates or gaps.
  private func isUTF8(_ bytes: Text) -> Bool {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let (length, lowest, highest): (Int, UInt8, UInt8) =
        switch byte {
        case 0x00..<0x80: (1, 0, 0)
        case 0xC2..<0xE0: (2, 0x80, 0xBF)
        case 0xE0: (3, 0xA0, 0xBF)
        case 0xED: (3, 0x80, 0x9F)
        case 0xE1..<0xF0: (3, 0x80, 0xBF)
        case 0xF0: (4, 0x90, 0xBF)
        case 0xF1..<0xF4: (4, 0x80, 0xBF)
        case 0xF4: (4, 0x80, 0x8F)
        default: (0, 0, 0)
        }
      guard length > 0, index + length <= bytes.count else { return false }
      if length > 1 {
        guard (lowest...highest).contains(bytes[index + 1]) else { return false }
        for next in bytes[(index + 2)..<(index + length)] where next & 0xC0 != 0x80 { return false }
      }
      index += length
    }
    return true
  }
}
