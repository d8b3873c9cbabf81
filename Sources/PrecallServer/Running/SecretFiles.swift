import Foundation

/// The token that other programs arrange sessions with. Read from a file, since arguments and environments
/// are for others to see.
package func readAPIToken(_ path: String) throws(ServerFailure) -> String {
  try readSecret(path, "the API token", atLeast: 24)
}

/// The secret shared with a TURN server.
package func readTurnSecret(_ path: String) throws(ServerFailure) -> String {
  try readSecret(path, "the TURN secret", atLeast: 8)
}

private func readSecret(_ path: String, _ what: String, atLeast letters: Int) throws(ServerFailure) -> String
{
  let secret = String(decoding: try readFile(path, what), as: UTF8.self)
    .trimmingCharacters(in: .whitespacesAndNewlines)
  guard (letters...512).contains(secret.utf8.count), secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
  else {
    throw ServerFailure(
      .badConfiguration,
      "I tried to use \(what) in \(path), but it is not one line of \(letters) to 512 letters without "
        + "spaces; make one with: openssl rand -hex 24")
  }
  return secret
}
