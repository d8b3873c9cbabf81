/// A value read from a JSON document.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number with a fraction or exponent, or one beyond 64 bits.
  case number(Double)
  case string(Text)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var key: Text
    package var value: JSONValue

    package init(key: Text, value: JSONValue) {
      self.key = key
      self.value = value
    }

    package func isNamed(_ name: StaticString) -> Bool { name.equals(key) }
  }

  package subscript(key: StaticString) -> JSONValue? {
    @inline(never) get {
      guard case .object(let members) = self else { return nil }
      for member in members where key.equals(member.key) { return member.value }
      return nil
    }
  }

  package var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  package var string: Text? {
    if case .string(let value) = self { value } else { nil }
  }
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
  package var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }
  package var members: [Member]? {
    if case .object(let value) = self { value } else { nil }
  }
}

/// Members by kind; nothing where the member is not there or of another kind.
extension JSONValue {
  @inline(never) package func integer(_ key: StaticString) -> Int64? { self[key]?.integer }
  @inline(never) package func string(_ key: StaticString) -> Text? { self[key]?.string }
  @inline(never) package func bool(_ key: StaticString) -> Bool? { self[key]?.bool }
  @inline(never) package func array(_ key: StaticString) -> [JSONValue]? { self[key]?.array }

  /// The case of `Name` that `key` names.
  @inline(never)
  package func choice<Name: CaseIterable>(_ key: StaticString, _ name: (Name) -> StaticString) -> Name? {
    guard let text = string(key) else { return nil }
    for choice in Name.allCases where name(choice).equals(text) { return choice }
    return nil
  }
}
