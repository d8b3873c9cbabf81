import Foundation
import PrecallServer
import PrecallTestSupport

/// A server of which everything that a browser sends to it is kept, byte for byte.
struct WatchedServer: Sendable {
  struct Request: Decodable, Sendable {
    var method: String
    /// From the path on.
    var url: String
    var headers: [String: String]
    var body: Data
  }

  /// What the browser is to open.
  let address: String
  private let file: String

  static func with<Result: Sendable>(
    turn: TurnConfiguration, _ body: @escaping @Sendable (WatchedServer) async throws -> Result
  ) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      let file = "\(folder)/requests"
      return try await BrowserCheck.withServer(turn: turn) { server in
        let port = String(server.split(separator: ":").last ?? "")
        return try await ScriptSite.with("browser/watched.mjs", [port, file]) { address in
          try await body(WatchedServer(address: address, file: file))
        }
      }
    }
  }

  /// What has come so far, in the order of its ends.
  func requests() throws -> [Request] {
    try Data(contentsOf: URL(filePath: file)).split(separator: UInt8(ascii: "\n"))
      .map { try JSONDecoder().decode(Request.self, from: $0) }
  }
}
