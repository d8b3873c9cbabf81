import PrecallServer
import PrecallTestSupport
import Testing

/// Answers that come when they are no longer waited for: nothing may stay on.
@Suite struct BrowserLateAnswerTests {
  /// A browser that answers when `answer()` is called, and the tracks that it gave.
  private static let asked = """
    window.given = []
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    window.yes = async wish => {
      const stream = await ask(wish)
      given.push(...stream.getTracks())
      return stream
    }
    navigator.mediaDevices.getUserMedia = wish => new Promise(done => {
      window.answer = async () => done(await yes(wish))
    });
    """
  private static let areOff =
    "given.length > 0 && given.every(track => track.readyState === 'ended')"

  @Test func `a yes after the wait has ended turns nothing on`() async throws {
    try await Self.onPage(before: Self.asked) { page in
      let refusal: String = try await page.value(
        """
        (async () => {
          const {openDevices} = await import('/assets/check/access.js')
          const {Deadline} = await import('/assets/check/bounded.js')
          const opened = await openDevices({camera: true}, new Deadline(200), new AbortController().signal)
          await answer()
          return opened.camera.refusal
        })()
        """)
      #expect(refusal == "unanswered")
      try await page.wait(Self.areOff, within: .seconds(5))
    }
  }

  @Test func `whoever cancels at the second question has nothing left on from the first`() async throws {
    let second = """
      const later = navigator.mediaDevices.getUserMedia
      navigator.mediaDevices.getUserMedia = wish => {
        if (wish.audio && wish.video) return Promise.reject(new DOMException('not both', 'NotFoundError'))
        return wish.audio ? yes(wish) : later(wish)
      };
      """
    try await Self.onPage(before: Self.asked + second) { page in
      let reason: String = try await page.value(
        """
        (async () => {
          const {openDevices} = await import('/assets/check/access.js')
          const {Deadline} = await import('/assets/check/bounded.js')
          const controller = new AbortController()
          const opening = openDevices({microphone: true, camera: true}, new Deadline(9000), controller.signal)
          while (!window.answer) await new Promise(done => setTimeout(done, 10))
          controller.abort(new Error('cancelled'))
          const reason = await opening.catch(error => error.message)
          await answer()
          return reason
        })()
        """)
      #expect(reason == "cancelled")
      try await page.wait("given.length === 2 && \(Self.areOff)", within: .seconds(5))
    }
  }

  @Test func `a refusal that comes after the end of a wait is no error of the page`() async throws {
    let counting = "window.refusals = 0; addEventListener('unhandledrejection', () => { refusals += 1 });"
    try await Self.onPage(before: counting) { page in
      let reason: String = try await page.value(
        """
        (async () => {
          const {bounded} = await import('/assets/check/bounded.js')
          const over = AbortSignal.abort(new Error('over'))
          const late = Promise.reject(new Error('late'))
          const reason = await bounded(late, 1000, over).catch(error => error.message)
          await new Promise(done => setTimeout(done, 100))
          return reason
        })()
        """)
      #expect(reason == "over")
      #expect(try await page.value("refusals") == 0)
    }
  }

  @Test func `where another part of the check breaks, a later yes turns nothing on`() async throws {
    let broken = "window.RTCPeerConnection = class { constructor() { throw new Error('off') } };"
    let turn = TurnConfiguration.external(urls: ["turn:127.0.0.1:9?transport=udp"], secret: "of a test")
    try await Chromium.with { browser in
      try await BrowserCheck.withServer(turn: turn) { server in
        let check = try await BrowserCheck.open(browser, server, before: Self.asked + broken)
        let outcome = try await check.run()
        #expect(outcome.codes == ["check-failed"])
        try await check.page.run("answer()")
        try await check.page.wait(Self.areOff, within: .seconds(5))
      }
    }
  }

  private static func onPage(
    before script: String, _ body: @escaping @Sendable (ChromiumPage) async throws -> Void
  ) async throws {
    try await BrowserCheck.onPage(before: script) { try await body($0.page) }
  }
}
