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
}

extension [UInt8] {
  @inline(never)
  package static func += (text: inout Text, more: StaticString) {
    more.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
  }

  /// Appends a whole number in decimal digits, without a locale.
  @inline(never)
  package mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var digits: [UInt8] = []
    var rest = value.magnitude
    repeat {
      digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    append(contentsOf: digits.reversed())
  }
}
