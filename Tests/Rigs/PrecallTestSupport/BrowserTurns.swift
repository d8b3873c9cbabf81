/// At most two browsers run at a time, whichever they are.
enum BrowserTurns {
  private static let turns = Turns(2)

  static func run<Result>(_ body: () async throws -> Result) async throws -> Result {
    await turns.enter()
    do {
      let result = try await body()
      await turns.leave()
      return result
    } catch {
      await turns.leave()
      throw error
    }
  }
}
