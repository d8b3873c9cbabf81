import ArgumentParser
import Foundation
import NIOHTTP1
import PrecallCore

/// Arranges visits on a running server, for people and scripts.
struct SessionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session", abstract: "Arrange a visit on a running server, or end its links.",
    subcommands: [Create.self, Revoke.self])
}

/// Which server, and the right to tell it.
struct ServerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Address of the running server.", valueName: "URL"))
  var server = "http://127.0.0.1:8080"

  @Option(
    help: ArgumentHelp("The token file that the server was started with.", valueName: "file"),
    completion: .file())
  var tokenFile: String
}

extension SessionCommand {
  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Arrange a visit and print its links.",
      discussion: "The links are shown this once: the server keeps only their hashes.")

    @OptionGroup var server: ServerOptions

    @Option(
      help: ArgumentHelp(
        "When the visit begins, as 2026-11-24T09:00:00Z or 2026-11-24T09:00:00+01:00, or now.",
        valueName: "time"),
      transform: Self.moment)
    var at: Int64

    @Option(help: ArgumentHelp("The provider's name, as clients read it.", valueName: "name"))
    var provider: String

    @Option(help: ArgumentHelp("How many clients get a link of their own, 1 to 16.", valueName: "count"))
    var clients = 1

    @Option(help: ArgumentHelp("Where admitted clients go on to.", valueName: "URL"))
    var onAdmitted: String?

    @Flag(help: "Print the server's answer as JSON.")
    var json = false

    func run() async throws {
      var writer = JSONWriter()
      writer.object { body in
        body.member("at", Timestamp.text(of: at))
        body.member("provider", Text(provider.utf8))
        body.member("clients", Int64(clients))
        if let onAdmitted { body.member("on_admitted", Text(onAdmitted.utf8)) }
      }
      let answer = try await SessionClient(server).send(.POST, "/v1/sessions", writer.text)
      try SessionClient.print(
        json ? String(decoding: answer, as: UTF8.self) : try Self.words(for: answer, of: server.server))
    }

    private static func words(for answer: Text, of server: String) throws -> String {
      let session = try JSONReader.read(answer)
      let word = { (value: JSONValue?) in String(decoding: value?.string ?? [], as: UTF8.self) }
      let links = session["client_links"]?.array ?? []
      let clients = links.enumerated().map { index, link in
        (links.count == 1 ? "Client:   " : "Client \(index + 1): ") + word(link)
      }
      return
        (clients + [
          "Provider: \(word(session["provider_link"]))", "",
          "They work until \(word(session["expires_at"])). To end them before:",
          "precall-server session revoke \(word(session["id"])) --server \(server) --token-file …",
        ]).joined(separator: "\n")
    }

    private static func moment(_ text: String) throws -> Int64 {
      if text == "now" { return Int64(Date.now.timeIntervalSince1970) }
      guard let date = try? Date.ISO8601FormatStyle().parse(text) else {
        throw ValidationError("--at needs a time as 2026-11-24T09:00:00Z, or now; \"\(text)\" is none.")
      }
      return Int64(date.timeIntervalSince1970)
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the links of a visit, and take out who waits by them.")

    @OptionGroup var server: ServerOptions

    @Argument(help: ArgumentHelp("The session's id, as create printed it.", valueName: "id"))
    var id: String

    func validate() throws {
      guard Base64URL.decode(Text(id.utf8)) != nil, !id.isEmpty else {
        throw ValidationError("\"\(id)\" is not the id of a session.")
      }
    }

    func run() async throws {
      _ = try await SessionClient(server).send(.DELETE, "/v1/sessions/\(id)", nil)
      try SessionClient.print("The links of the session have ended.")
    }
  }
}
