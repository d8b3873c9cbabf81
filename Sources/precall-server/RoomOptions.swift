import ArgumentParser
import PrecallServer

/// The waiting room and the pages.
struct RoomOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Token (24 letters or more) for arranging sessions and for the helpdesk; without it neither is there.",
      valueName: "file"),
    completion: .file())
  var apiTokenFile: String?

  @Option(
    help: ArgumentHelp(
      "How people reach this server, as https://visit.example.org; links begin with it.", valueName: "URL"))
  var publicURL: String?

  @Option(
    help: ArgumentHelp(
      "Where admitted clients go on to, with a one-time token in the fragment.", valueName: "URL"))
  var admittedURL: String?

  @Option(
    help: ArgumentHelp(
      "Origin whose pages may show the check in a frame; can be given several times.", valueName: "origin"))
  var embedOrigin: [String] = []

  @Option(
    help: ArgumentHelp(
      "The clinic's limits and telephone number: its pages and this server judge by them.", valueName: "file"),
    completion: .file())
  var policy: String?

  @Option(help: ArgumentHelp("Sessions of the waiting room at the same time.", valueName: "count"))
  var maxRooms = WaitingRoomConfiguration().sessions

  func validate() throws {
    for (option, url) in [("--public-url", publicURL), ("--admitted-url", admittedURL)] {
      guard url.map(PublicAddress.isWeb) ?? true else {
        throw ValidationError("\(option) needs an address that begins with https:// and has no #.")
      }
    }
    for origin in embedOrigin {
      let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
      guard PublicAddress.isWeb(origin), parts.count == 3, !origin.contains(";"), !origin.contains(",") else {
        throw ValidationError("--embed-origin needs an origin, as https://portal.example.org.")
      }
    }
    guard (1...1_000_000).contains(maxRooms) else {
      throw ValidationError("--max-rooms must be between 1 and 1000000, not \(maxRooms).")
    }
  }

  func apply(to configuration: inout PrecallServerConfiguration) throws {
    configuration.waitingRoom.apiToken = try apiTokenFile.map { LinkHash(of: try readAPIToken($0)) }
    configuration.policy = try policy.map { try ClinicPolicy(file: $0) }
    configuration.waitingRoom.publicURL = publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    configuration.waitingRoom.onAdmitted = admittedURL
    configuration.waitingRoom.sessions = maxRooms
    configuration.embedders = embedOrigin
  }
}
