import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import PrecallCore
import PrecallServer

/// Asks a running server, and says in words what went wrong.
struct SessionClient {
  private let server: String
  private let token: String

  init(_ options: ServerOptions) throws {
    server = options.server.hasSuffix("/") ? String(options.server.dropLast()) : options.server
    do {
      token = try readAPIToken(options.tokenFile)
    } catch {
      throw Self.stop(error.description, error.kind.rawValue)
    }
    guard PublicAddress.isWeb(server) else {
      // Elsewhere the token would be readable on its way.
      throw Self.stop(
        "I need an address that begins with https://, or http://127.0.0.1; give it with --server.", 64)
    }
  }

  func send(_ method: HTTPMethod, _ path: String, _ body: Text?) async throws -> Text {
    var request = HTTPClientRequest(url: server + path)
    request.method = method
    request.headers.add(name: "Authorization", value: "Bearer \(token)")
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
      let answer = Text(try await response.body.collect(upTo: 1 << 16).readableBytesView)
      guard (200..<300).contains(response.status.code) else { throw refusal(answer, response.status) }
      return answer
    } catch let error as ExitCode {
      throw error
    } catch {
      throw Self.stop(
        "I tried to reach \(server), but there is no answer (\(error)); is precall-server running there?", 69)
    }
  }

  private func refusal(_ answer: Text, _ status: HTTPResponseStatus) -> ExitCode {
    let problem = try? JSONReader.read(answer)
    let detail = problem?["detail"]?.string.map { String(decoding: $0, as: UTF8.self) }
    let path = problem?["path"]?.string.map { " (\(String(decoding: $0, as: UTF8.self)))" } ?? ""
    return Self.stop("\(server) says: \(detail ?? status.description)\(path)", status.code < 500 ? 65 : 69)
  }

  private static func stop(_ words: String, _ code: Int32) -> ExitCode {
    try? FileHandle.standardError.write(contentsOf: Data("precall-server: \(words)\n".utf8))
    return ExitCode(code)
  }
}
