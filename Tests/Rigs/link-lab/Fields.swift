import PrecallCore

/// A link file that can't be used, in words for who wrote it.
package struct LinkProblem: Error, CustomStringConvertible, Equatable {
  package var path: String
  package var words: String

  package var description: String { path.isEmpty ? words : "\(path): \(words)" }
}

/// The members of one object of a link file, each to be taken once; what is left at the end is refused.
struct Fields {
  let path: String
  private var members: [String: JSONValue] = [:]

  init(_ value: JSONValue, at path: String) throws(LinkProblem) {
    guard let listed = value.members else {
      throw LinkProblem(path: path, words: "this must be an object { … }")
    }
    self.path = path
    for member in listed { members[String(decoding: member.key, as: UTF8.self)] = member.value }
  }

  func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func problem(_ key: String, _ words: String) -> LinkProblem { LinkProblem(path: place(key), words: words) }

  mutating func take(_ key: String) -> JSONValue? { members.removeValue(forKey: key) }

  mutating func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(LinkProblem) -> Double? {
    guard let value = take(key) else { return nil }
    guard let number = value.number, range.contains(number) else {
      throw problem(key, "this must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  mutating func number(_ key: String, in range: ClosedRange<Double>) throws(LinkProblem) -> Double {
    guard let number = try optionalNumber(key, in: range) else { throw problem(key, "this is missing") }
    return number
  }

  mutating func milliseconds(_ key: String) throws(LinkProblem) -> Int64? {
    try optionalNumber(key, in: 0...3_600_000).map { Int64($0 * 1e6) }
  }

  mutating func share(_ key: String) throws(LinkProblem) -> Double {
    try number(key, in: 0...100) / 100
  }

  mutating func choice(_ key: String, of words: [String]) throws(LinkProblem) -> String {
    guard let word = take(key)?.string.map({ String(decoding: $0, as: UTF8.self) }), words.contains(word)
    else {
      throw problem(key, "this must be one of \(words.joined(separator: ", "))")
    }
    return word
  }

  mutating func text(_ key: String) throws(LinkProblem) -> String {
    guard let text = take(key)?.string, !text.isEmpty else { throw problem(key, "this must be text") }
    return String(decoding: text, as: UTF8.self)
  }

  mutating func object(_ key: String) throws(LinkProblem) -> Fields? {
    guard let value = take(key) else { return nil }
    return try Fields(value, at: place(key))
  }

  mutating func objects(_ key: String) throws(LinkProblem) -> [Fields] {
    guard let values = take(key)?.array else { throw problem(key, "this must be a list [ … ]") }
    var objects: [Fields] = []
    for (index, value) in values.enumerated() {
      objects.append(try Fields(value, at: "\(place(key))[\(index)]"))
    }
    return objects
  }

  /// Refuses what nobody asked for: a misspelt figure would silently not hold.
  func finish() throws(LinkProblem) {
    if let key = members.keys.min() { throw problem(key, "this key is not known here") }
  }
}
