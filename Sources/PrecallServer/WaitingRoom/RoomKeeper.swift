import ServiceLifecycle

/// Lets time pass in the waiting rooms, and ends open pages' connections when the server stops.
struct RoomKeeper: Service {
  private static let secondsBetweenBeats = 15
  let rooms: WaitingRooms

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      var seconds = 0
      while true {
        try await Task.sleep(for: .seconds(1))
        rooms.tick()
        seconds += 1
        if seconds.isMultiple(of: Self.secondsBetweenBeats) { rooms.beat() }
      }
    }
    rooms.stop()
  }
}
