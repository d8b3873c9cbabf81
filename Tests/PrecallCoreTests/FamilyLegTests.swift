import PrecallCore
import Testing

/// IPv4 beside IPv6, by figures that are plain to see.
struct `Versions of IP` {
  private func leg(
    _ version: FamilyLeg.Version, _ times: [Double], of attempts: Int = 3, refused: Bool = false
  )
    -> FamilyLeg
  {
    var leg = FamilyLeg(version)
    leg.attempts = attempts
    leg.times = times.map { .milliseconds($0) }
    leg.isRefused = refused
    return leg
  }

  private func found(_ legs: FamilyLeg...) -> (codes: [String], rows: [Assessment], places: [Place]) {
    var measurement = NetworkMeasurement()
    measurement.path = NetworkPath()
    measurement.path?.families = legs
    let (rows, findings) = measurement.assessed(by: .standard)
    return (findings.map { "\($0.kind.code)" }, rows, findings.map(\.place))
  }

  @Test func `are figures where both work`() {
    let (codes, rows, _) = found(leg(.four, [20, 22, 21]), leg(.six, [71, 70, 30]))
    #expect(codes == [])
    #expect(rows.map { "\($0.metric.id)" } == ["network.connect-time-ipv4", "network.connect-time-ipv6"])
    #expect(rows.map(\.measured) == [.time(.milliseconds(21)), .time(.milliseconds(70))])
  }

  @Test func `differ where one takes twice as long and 50 ms more`() {
    #expect(found(leg(.four, [20]), leg(.six, [71])).codes == ["network.ip-versions-differ"])
    #expect(found(leg(.four, [171]), leg(.six, [60])).codes == ["network.ip-versions-differ"])
    #expect(found(leg(.four, [20]), leg(.six, [70])).codes == [])
    #expect(found(leg(.four, [100]), leg(.six, [199])).codes == [])
  }

  @Test func `are broken where three handshakes stay away and the other's come about`() {
    #expect(found(leg(.four, [20]), leg(.six, [])).codes == ["network.ipv6-broken"])
    #expect(found(leg(.four, []), leg(.six, [20])).codes == ["network.ipv4-broken"])
    #expect(found(leg(.four, [20]), leg(.six, [], of: 2)).codes == [])
    #expect(found(leg(.four, []), leg(.six, [])).codes == [])
    #expect(found(leg(.six, [20])).codes == [])
    #expect(found(leg(.four, [20]), leg(.six, [])).places == [.accessLine])
    #expect(found(leg(.four, [20]), leg(.six, [], refused: true)).places == [.server])
  }

  @Test func `survive being written`() throws {
    var measurement = NetworkMeasurement()
    measurement.path = NetworkPath()
    measurement.path?.wifiRate = .kilobits(866_700)
    measurement.path?.families = [leg(.four, [20, 22]), leg(.six, [], refused: true)]
    var writer = JSONWriter()
    writer.object { measurement.write(to: &$0) }
    #expect(try NetworkMeasurement(json: JSONReader.read(writer.text)) == measurement)
  }
}
