/// A clinic's own pages on another origin, which embed the check: `Fixtures/browser/clinic.mjs`.
enum ClinicSite {
  static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    try await ScriptSite.with("browser/clinic.mjs", [], body)
  }
}
