import ArgumentParser
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
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
    guard let url = URL(string: server + path) else {
      throw Self.stop("\"\(server)\" is not an address; give one as https://precall.example.org.", 64)
    }
    let answer: BoundedAnswer
    do {
      answer = try await BoundedAnswer.ask(method, url, bearer: token, body)
    } catch {
      throw Self.stop(
        "I tried to reach \(server), but there is no answer (\(Self.words(error))); is precall-server running there?",
        69)
    }
    guard (200..<300).contains(answer.status) else { throw refusal(answer) }
    return answer.body
  }

  /// Of a connection that failed at each address, what the system says of the first.
  private static func words(_ error: any Error) -> String {
    if let failed = error as? NIOConnectionError, let first = failed.connectionErrors.first {
      return words(first.error)
    }
    return (error as? IOError).map { unsafe String(cString: strerror($0.errnoCode)) } ?? "\(error)"
  }

  private func refusal(_ answer: BoundedAnswer) -> ExitCode {
    let problem = try? JSONReader.read(answer.body)
    let detail = problem?["detail"]?.string.map { String(decoding: $0, as: UTF8.self) }
    let path = problem?["path"]?.string.map { " (\(String(decoding: $0, as: UTF8.self)))" } ?? ""
    return Self.stop("\(server) says: \(detail ?? "\(answer.status)")\(path)", answer.status < 500 ? 65 : 69)
  }

  /// Writes what was asked for; what can't be written must not be lost in silence.
  static func print(_ words: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((words + "\n").utf8))
    } catch {
      throw stop(
        "I tried to write the answer, but it can't be written there (\(error.localizedDescription)).", 74)
    }
  }

  private static func stop(_ words: String, _ code: Int32) -> ExitCode {
    try? FileHandle.standardError.write(contentsOf: Data("precall-server: \(words)\n".utf8))
    return ExitCode(code)
  }
}
