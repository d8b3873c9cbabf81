import Hummingbird

/// Everything of the waiting room that a server answers, put together from its configuration.
struct Entrance: Sendable {
  let rooms: WaitingRooms
  let room: RoomRoutes
  let sessions: SessionRoutes

  var keeper: RoomKeeper { RoomKeeper(rooms: rooms) }

  init(_ configuration: PrecallServerConfiguration) {
    let settings = configuration.waitingRoom
    let address = PublicAddress(configured: settings.publicURL, usesTLS: configuration.tls != nil)
    rooms = WaitingRooms(store: MemorySessionStore(capacity: settings.sessions), clock: settings.clock)
    let doorkeeper = Doorkeeper(
      rooms: rooms, apiToken: settings.apiToken,
      wrong: AddressLimit(burst: Double(settings.wrongLinks), perSecond: settings.wrongLinksPerSecond))
    room = RoomRoutes(rooms: rooms, doorkeeper: doorkeeper, onAdmitted: settings.onAdmitted)
    sessions = SessionRoutes(rooms: rooms, doorkeeper: doorkeeper, address: address)
  }

  func add(to router: Router<MeasurementContext>) {
    room.add(to: router)
    sessions.add(to: router)
  }
}
