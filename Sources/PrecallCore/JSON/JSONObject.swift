/// An object of a document that is being read, together with its path, so that a value of the wrong kind is
/// refused by name. Keys it is not asked for are ignored: a newer program may have written them.
package struct JSONObject {
  package let members: [JSONValue.Member]
  private let path: Text

  @inline(never) package init(_ value: JSONValue, at path: Text = []) throws(JSONError) {
    guard let members = value.members else {
      throw JSONError(.expected("this must be an object { … }"), path: path)
    }
    self.members = members
    self.path = path
  }

  package subscript(key: StaticString) -> JSONValue? {
    for member in members where key.equals(member.key) { return member.value }
    return nil
  }

  @inline(never) package func path(to key: Text) -> Text {
    path.isEmpty ? key : path + [UInt8(ascii: ".")] + key
  }

  @inline(never) package func error(_ key: StaticString, _ what: StaticString) -> JSONError {
    JSONError(.expected(what), path: path(to: key.bytes))
  }

  @inline(never) package func object(_ key: StaticString) throws(JSONError) -> JSONObject {
    try JSONObject(required(key), at: path(to: key.bytes))
  }

  @inline(never) package func array(_ key: StaticString) throws(JSONError) -> [JSONValue] {
    guard let array = try required(key).array else { throw error(key, "this must be a list [ … ]") }
    return array
  }

  @inline(never) package func text(_ key: StaticString) throws(JSONError) -> Text? {
    guard let value = self[key] else { return nil }
    guard let text = value.string else { throw error(key, "this must be text") }
    return text
  }

  @inline(never) package func integer(_ key: StaticString) throws(JSONError) -> Int64? {
    guard let value = self[key] else { return nil }
    guard let integer = value.integer else { throw error(key, "this must be a whole number") }
    return integer
  }

  @inline(never) package func bool(_ key: StaticString) throws(JSONError) -> Bool? {
    guard let value = self[key] else { return nil }
    guard let truth = value.bool else { throw error(key, "this must be true or false") }
    return truth
  }

  /// The moment of an RFC 3339 text, in seconds since 1970.
  @inline(never) package func timestamp(_ key: StaticString) throws(JSONError) -> Int64? {
    guard let text = try text(key) else { return nil }
    guard let seconds = Timestamp.seconds(of: text) else {
      throw error(key, "this must be a moment as 2026-11-23T21:40:33Z")
    }
    return seconds
  }

  /// The case of `Name` that `key` names.
  @inline(never) package func choice<Name: CaseIterable>(
    _ key: StaticString, _ name: (Name) -> StaticString
  ) throws(JSONError) -> Name {
    let text = try required(key).string ?? []
    for choice in Name.allCases where name(choice).equals(text) { return choice }
    throw error(key, "this is not a word that this program knows here")
  }

  /// The quantity that a writer put under `name_us`, `name_ppm` or another base unit.
  @inline(never) package func quantity(_ name: StaticString) throws(JSONError) -> Quantity? {
    for unit in QuantityUnit.allCases {
      let key = name.bytes + [UInt8(ascii: "_")] + unit.suffix.bytes
      for member in members where member.key == key {
        guard let base = member.value.integer else {
          throw JSONError(.expected("this must be a whole number"), path: path(to: key))
        }
        return unit.quantity(base)
      }
    }
    return nil
  }

  private func required(_ key: StaticString) throws(JSONError) -> JSONValue {
    guard let value = self[key] else { throw error(key, "this is missing") }
    return value
  }
}
