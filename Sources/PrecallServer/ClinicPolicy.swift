package import PrecallCore

/// A clinic's policy, by which the pages and the server judge alike.
package struct ClinicPolicy: Sendable {
  package let policy: Policy
  /// As it was written: the pages' engine reads it by itself.
  package let text: Text

  /// Reads a policy file; a mistake in it is told with its place.
  package init(file path: String) throws(ServerFailure) {
    text = try readFile(path, "the policy")
    do throws(JSONError) {
      policy = try Policy(json: text)
    } catch {
      throw ServerFailure(
        .badConfiguration, "I tried to read the policy \(path), but \(error.words(in: text)).")
    }
  }
}
