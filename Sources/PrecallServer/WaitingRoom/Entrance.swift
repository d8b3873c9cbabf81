import Hummingbird
import Logging
import PrecallCore
import ServiceLifecycle

/// Everything for people in browsers that a server answers, put together from its configuration: pages, the
/// waiting room, reports and the way to TURN.
struct Entrance: Sendable {
  private let room: RoomRoutes
  private let sessions: SessionRoutes
  private let pages: PageRoutes
  private let turn: TurnRoutes
  private let reports: Reports
  /// What runs as long as the server does.
  let services: [any Service]

  init(_ configuration: PrecallServerConfiguration, logger: Logger) async throws {
    let settings = configuration.waitingRoom
    let address = PublicAddress(configured: settings.publicURL, usesTLS: configuration.tls != nil)
    let rooms = WaitingRooms(
      store: MemorySessionStore(capacity: settings.sessions), clock: settings.clock)
    let doorkeeper = Doorkeeper(
      rooms: rooms, apiToken: settings.apiToken,
      wrong: AddressLimit(burst: Double(settings.wrongLinks), perSecond: settings.wrongLinksPerSecond))
    let asked = AddressLimit(burst: Double(settings.asked), perSecond: settings.askedPerSecond)
    let library = try AssetLibrary()
    room = RoomRoutes(
      rooms: rooms, doorkeeper: doorkeeper, onAdmitted: settings.onAdmitted,
      policy: configuration.policy?.policy ?? .standard)
    sessions = SessionRoutes(rooms: rooms, doorkeeper: doorkeeper, address: address)
    pages = PageRoutes(
      library: library, pages: try RoomPages(library), doorkeeper: doorkeeper,
      headers: PageHeaders(embedders: configuration.embedders))
    let (way, server) = try await Self.turn(configuration, logger)
    turn = TurnRoutes(turn: way, address: address, limit: asked, clock: settings.clock)
    reports = Reports(
      policy: configuration.policy, doorkeeper: doorkeeper, limit: asked, clock: settings.clock)
    services = [RoomKeeper(rooms: rooms)] + (server.map { [$0] } ?? [])
  }

  func add(to router: Router<MeasurementContext>) {
    room.add(to: router)
    sessions.add(to: router)
    pages.add(to: router)
    turn.add(to: router)
    reports.add(to: router)
  }

  private static func turn(
    _ configuration: PrecallServerConfiguration, _ logger: Logger
  ) async throws -> (TurnRoutes.Turn, ManagedTurnServer?) {
    switch configuration.turn {
    case .none: return (.none, nil)
    case .external(let urls, let secret): return (.external(urls: urls, secret: secret), nil)
    case .managed(let settings):
      let server = try await ManagedTurnServer(
        settings, host: configuration.host, tls: configuration.tls, logger: logger)
      return (.managed(server), server)
    }
  }
}
