/// What the waiting room is told at the server's start.
package struct WaitingRoomConfiguration: Sendable {
  /// Of the token with which other programs arrange sessions; nothing lets nobody.
  package var apiToken: LinkHash?
  /// Where people reach this server, as `https://visit.example.org`; nothing takes the name that the
  /// request used.
  package var publicURL: String?
  /// Where admitted clients go on to, unless their session says so.
  package var onAdmitted: String?
  /// Sessions at the same time.
  package var sessions = 5_000
  /// Wrong links, and wrong tokens, that one address may try: at once, and then in a second.
  package var wrongLinks = 20
  package var wrongLinksPerSecond = 0.2
  /// Reports and TURN credentials that one address may ask for.
  package var asked = 30
  package var askedPerSecond = 0.5
  /// Seconds since 1970.
  package var clock: @Sendable () -> Int64 = { WallClock.secondsSince1970() }

  package init() {}
}
