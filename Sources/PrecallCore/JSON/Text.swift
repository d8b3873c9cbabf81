/// UTF-8 text as bytes: what the engine reads and writes. Strings need Unicode tables, which would
/// double the size of the browser's engine; functions that are called from everywhere are not inlined, for the
/// same reason.
package typealias Text = [UInt8]

extension StaticString {
  package var bytes: Text {
    @inline(never) get { withUTF8Buffer { unsafe Array($0) } }
  }

  @inline(never)
  package func equals(_ text: some Collection<UInt8>) -> Bool {
    guard utf8CodeUnitCount == text.count else { return false }
    return withUTF8Buffer { unsafe $0.elementsEqual(text) }
  }

  @inline(never)
  package func isEqual(to other: StaticString) -> Bool {
    withUTF8Buffer { one in other.withUTF8Buffer { unsafe one.elementsEqual($0) } }
  }
}

extension [UInt8] {
  /// As the standard library's, but not inlined.
  @inline(never)
  package mutating func append(_ byte: UInt8) { appendOne(byte) }

  @inline(never)
  package static func += (text: inout Text, more: StaticString) {
    more.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
  }

  /// Appends a whole number in decimal digits, without a locale.
  @inline(never)
  package mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(digits: value.magnitude)
  }

  private mutating func append(digits value: UInt64) {
    if value >= 10 { append(digits: value / 10) }
    append(UInt8(ascii: "0") + UInt8(value % 10))
  }
}

extension Array {
  /// The standard library's `append`, for elements whose arrays have one of their own that is not inlined:
  /// here, where the element is any type, `append` is the library's.
  mutating func appendOne(_ element: Element) { append(element) }
}
