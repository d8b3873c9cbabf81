/// Why the server could not run, in words for the person who started it.
package struct ServerFailure: Error, Sendable, CustomStringConvertible {
  /// The kinds, with the exit status of sysexits(3) that belongs to each.
  package enum Kind: Int32, Sendable {
    case noInput = 66
    case unavailable = 69
    case noPermission = 77
    case badConfiguration = 78
  }

  package var kind: Kind
  package var description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
