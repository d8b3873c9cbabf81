import Foundation
import PrecallTestSupport
import Testing

/// What the page makes of bytes and times: rates, and where they are bounds.
@Suite struct BrowserRateTests {
  @Test func `a line faster than the page looks for reads at least so much, in words`() async throws {
    let (outcome, details) = try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      let outcome = try await check.run()
      let details: String = try await check.page.value(
        "\(BrowserCheck.root).querySelector('table').textContent")
      return (outcome, details)
    }
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.json.utf8))
    let download = try #require(report.checks.network?.metrics["network.download"])
    #expect(download.low_bps == download.measured_bps && download.high_bps == nil)
    #expect(outcome.measurements?.contains(#""cut":true"#) == true)
    #expect(details.contains(/Downloadat least [0-9,.]+ Mbit\/s/))
  }

  @Test func `at least is said of a figure with a low end alone`() async throws {
    let said: [String] = try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      try await check.page.value(
        """
        import('/assets/check/texts.js').then(async module => {
          const [en, es] = [await module.loadTexts('en'), await module.loadTexts('es')]
          const [bound, interval] = [{measured_bps: 5e6, low_bps: 5e6}, {measured_ppm: 1e4, low_ppm: 1, high_ppm: 2e4}]
          return [en.measured(bound), es.measured(bound), en.measured(interval), en.measured({measured_us: 2e4})]
        })
        """)
    }
    #expect(said == ["at least 5 Mbit/s", "al menos 5 Mbit/s", "1 %", "20 ms"])
  }

  /// Three flows share 8 Mbit/s; the requests of the later ones waited behind the bytes of the first.
  @Test func `an upload is told by when its flows reached the server, not by when they were sent`()
    async throws
  {
    let transfer: Transfer = try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      try await check.page.run(Self.sharedLine)
      return try await check.page.value(
        """
        import('/assets/check/network.js').then(async ({measureNetwork}) => {
          const {Deadline} = await import('/assets/check/bounded.js')
          const said = await measureNetwork('', new Deadline(20000), new AbortController().signal, () => {})
          return said.transfers.find(one => one.direction === 'up')
        })
        """)
    }
    // What no line carries: 50 ms of 8 Mbit/s are 50,000 bytes.
    let whole = transfer.bytes_per_50_ms.prefix(Int(transfer.duration_us / 50_000))
    #expect(whole.count >= 8)
    #expect(whole.allSatisfy { $0 <= 60_000 }, "\(transfer)")
  }

  /// Uploads answered as a server at the end of such a line does: the main ones reach it at 0, 200 and 400 ms and
  /// end together at 1,000 ms.
  private static let sharedLine = """
    window.uploads = 0
    const real = window.fetch
    window.fetch = async (address, init) => {
      if (!String(address).includes('/v1/upload')) return real(address, init)
      const number = uploads++
      if (number === 0) return Response.json({received_bytes: 1e5, elapsed_us: 100000, arrivals: [[0, 5e4], [50000, 5e4]]})
      const reached = (number - 1) * 200
      await new Promise(done => setTimeout(done, 1000))
      const arrivals = []
      for (let time = 0; time < 1000 - reached; time += 50) {
        const flows = Math.min(3, Math.floor((reached + time) / 200) + 1)
        arrivals.push([time * 1000, Math.floor(5e4 / flows)])
      }
      return Response.json({received_bytes: 1, elapsed_us: (1000 - reached) * 1000, arrivals})
    }
    """

  private struct Transfer: Decodable, Sendable {
    var duration_us: Int
    var bytes_per_50_ms: [Int]
  }

  private struct Report: Decodable {
    struct Check: Decodable { var metrics: [String: Figure] }
    struct Checks: Decodable { var network: Check? }
    struct Figure: Decodable { var measured_bps, low_bps, high_bps: Int64? }
    var checks: Checks
  }
}
