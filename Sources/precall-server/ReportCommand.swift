import ArgumentParser
import Foundation
import NIOHTTP1

/// What a client sent from the page, for the helpdesk.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Fetch the report that a client sent to the helpdesk, by its code.",
    discussion: "It is JSON, for: precall-server report CODE … | precall-test report show -")

  @OptionGroup var server: ServerOptions

  @Argument(help: ArgumentHelp("The code that the page showed, as K7QM-2XPD.", valueName: "code"))
  var code: String

  func validate() throws {
    guard code.wholeMatch(of: /[A-Za-z0-9]{4}-?[A-Za-z0-9]{4}/) != nil else {
      throw ValidationError("\"\(code)\" is not a code of a report; it looks like K7QM-2XPD.")
    }
  }

  func run() async throws {
    let report = try await SessionClient(server).send(.GET, "/v1/helpdesk/reports/\(code)", nil)
    try SessionClient.print(String(decoding: report, as: UTF8.self))
  }
}
