/// Where the server is: scheme, host and port, and nothing else.
///
/// Read from what people have at hand: a host, `host:port`, `[v6]:port`, a web address, or the link to their
/// session. Of a link only the origin is kept: its path holds the session's secret and is neither sent nor
/// logged, nor repeated in an error.
package struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
  package enum Scheme: String, Sendable { case http, https }

  package let scheme: Scheme
  /// Without the brackets of an IPv6 address.
  package let host: String
  package let port: UInt16

  package init(scheme: Scheme, host: String, port: UInt16) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  /// Reads what a person typed. Without a scheme it is https, except for this computer itself.
  package init(_ text: String) throws(ServerAddressError) {
    var rest = Self.unwrapped(text)
    var scheme: Scheme?
    if let mark = rest.firstRange(of: "://") {
      guard let known = Scheme(rawValue: rest[..<mark.lowerBound].lowercased()) else {
        throw ServerAddressError(.scheme)
      }
      scheme = known
      rest = rest[mark.upperBound...]
      if Self.beginsAsAddress(rest) { throw ServerAddressError(.twice) }
    } else if Self.beginsAsAddress(rest) {
      throw ServerAddressError(.slashes)
    }
    let (host, port) = try Self.authority(rest)
    self.host = host
    self.scheme = scheme ?? (Self.isThisComputer(host) ? .http : .https)
    self.port = port ?? (self.scheme == .https ? 443 : 80)
  }

  /// The origin as it stands in a URL.
  package var origin: String {
    let bracketed = host.contains(":") ? "[\(host)]" : host
    return "\(scheme.rawValue)://\(bracketed):\(port)"
  }

  /// The host as people know it, with the port where it is not the scheme's own.
  package var description: String {
    let usual: UInt16 = scheme == .https ? 443 : 80
    let bracketed = host.contains(":") ? "[\(host)]" : host
    return port == usual ? bracketed : "\(bracketed):\(port)"
  }

  /// Without what comes along where a link is copied out of a text: spaces, seen or unseen, quotation marks, brackets
  /// and the end of a sentence.
  private static func unwrapped(_ text: String) -> Substring {
    var rest = Substring(text)
    while let first = rest.first, isAround(first) || "<(".contains(first) { rest.removeFirst() }
    while let last = rest.last, isAround(last) || ">).,;".contains(last) { rest.removeLast() }
    return rest
  }

  private static func isAround(_ letter: Character) -> Bool {
    letter.isWhitespace || "\"'‘’“”„«»\u{200B}\u{2060}\u{FEFF}".contains(letter)
  }

  /// A scheme, or what was meant as one: no host has its name.
  private static func beginsAsAddress(_ text: Substring) -> Bool {
    let word = text.prefix { $0.isLetter }.lowercased()
    return Scheme(rawValue: word) != nil
      && text.dropFirst(word.count).first.map { ":/\\".contains($0) } ?? true
  }

  /// Host and port of what follows a scheme.
  static func authority(_ text: Substring) throws(ServerAddressError) -> (String, UInt16?) {
    let authority = text.prefix { !["/", "?", "#"].contains($0) }
    guard !authority.isEmpty else { throw ServerAddressError(.empty) }
    guard !authority.contains("@") else { throw ServerAddressError(.userInfo) }
    return try split(authority)
  }

  private static func split(_ text: Substring) throws(ServerAddressError) -> (String, UInt16?) {
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { throw ServerAddressError(.host) }
      let host = text[text.index(after: text.startIndex)..<end]
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || ":.%".contains($0) }) else {
        throw ServerAddressError(.host)
      }
      return (String(host), try port(text[text.index(after: end)...]))
    }
    if text.count(where: { $0 == ":" }) > 1 { throw ServerAddressError(.brackets) }
    let host = text.prefix { $0 != ":" }
    guard isName(host) else { throw ServerAddressError(.host) }
    return (String(host), try port(text[host.endIndex...]))
  }

  private static func port(_ text: Substring) throws(ServerAddressError) -> UInt16? {
    if text.isEmpty { return nil }
    guard text.first == ":", text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = UInt16(text.dropFirst()), port > 0
    else { throw ServerAddressError(.port) }
    return port
  }

  /// Letters of any script (libcurl turns them into the DNS's form), digits, dots and hyphens.
  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.first, first != "-", first != ".", text.utf8.count <= 253 else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }
      && !text.contains("..")
  }

  private static func isThisComputer(_ host: String) -> Bool {
    ["localhost", "localhost.", "::1"].contains(host.lowercased()) || host.hasPrefix("127.")
  }
}

/// Why a text is no server's address; it does not repeat the text, which may hold a session's secret.
package struct ServerAddressError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Problem: Sendable, Hashable {
    case empty, scheme, twice, slashes, userInfo, host, brackets, port
  }
  package let problem: Problem
  init(_ problem: Problem) { self.problem = problem }

  package var description: String { "I tried to read the server's address, but \(reason)" }

  private var reason: String {
    switch problem {
    case .empty: "no host is named in it; give a host such as visit.example.org, or the whole link"
    case .scheme: "it begins with neither http:// nor https://; give the link as you received it"
    case .twice: "it begins twice with http:// or https://; leave out one of them"
    case .slashes: "http or https must be followed by ://; write it as https://visit.example.org"
    case .userInfo: "it holds an @; leave out user name and password"
    case .host: "the host's name has a character that names can't have; give it as visit.example.org"
    case .brackets: "an IPv6 address needs brackets; write it as [2001:db8::1]:8443"
    case .port: "the port is not a number from 1 to 65535; write it as visit.example.org:8443"
    }
  }
}
