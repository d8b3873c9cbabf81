import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// Why a browser keeps microphone and camera back, each with its own words.
@Suite struct BrowserPermissionTests {
  /// What the browser throws in place of a stream, and the finding it is. (No flag makes a real one throw.)
  static let thrown = [
    ("NotAllowedError", "Permission denied by system", "permission-denied-by-system"),
    ("NotAllowedError", "Permission dismissed", "permission-dismissed"),
    ("NotReadableError", "Device in use", "in-use"),
    ("AbortError", "Timeout starting video source", "browser-failed"),
  ]

  @Test func `each refusal has its own words and steps`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        var said: Set<String> = []
        for (name, message, code) in Self.thrown {
          let check = try await BrowserCheck.open(browser, server, before: Self.throwing(name, message))
          let outcome = try await check.run()
          #expect(outcome.codes.starts(with: ["microphone.\(code)", "camera.\(code)"]), "\(outcome.codes)")
          #expect(outcome.outcome == "not-ready")
          said.insert(outcome.text)
        }
        #expect(said.count == Self.thrown.count)
      }
    }
  }

  @Test func `a device that macOS keeps from Firefox is no missing one`() async throws {
    let firefox = """
      Object.defineProperty(navigator, 'userAgent',
        {value: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0'});
      """ + Self.throwing("NotFoundError", "The object can not be found here.")
    for (more, code) in [("", "permission-denied-by-system"), (Self.listing("[]"), "none")] {
      try await Chromium.with { browser in
        try await BrowserCheck.withServer { server in
          let outcome = try await BrowserCheck.open(browser, server, before: firefox + more).run()
          #expect(outcome.codes.first == "microphone.\(code)", "\(outcome.codes)")
          #expect(outcome.text.contains("Privacy & Security") == more.isEmpty, "\(outcome.text)")
        }
      }
    }
  }

  private static func listing(_ devices: String) -> String {
    "navigator.mediaDevices.enumerateDevices = async () => \(devices);"
  }

  @Test func `a browser set to no is told with steps, and Try again takes a later yes`() async throws {
    try await Chromium.with(Chromium.Devices.asking) { browser in
      try await BrowserCheck.withServer { server in
        for kind in ["microphone", "camera"] {
          try await browser.setPermission(kind, "denied", at: server)
        }
        let check = try await BrowserCheck.open(browser, server)
        let outcome = try await check.run()
        #expect(
          outcome.codes.starts(with: ["microphone.permission-denied", "camera.permission-denied"]),
          "\(outcome.codes)")
        #expect(outcome.text.contains("Click the icon left of the address"))
        for kind in ["microphone", "camera"] {
          try await browser.setPermission(kind, "granted", at: server)
        }
        try await check.page.run("told.length = 0")
        try await check.page.click("\(BrowserCheck.root).querySelector('[part=first] button')")
        let again = try await check.outcome()
        #expect(!again.codes.contains("microphone.permission-denied"), "\(again.codes)")
        #expect(again.codes.contains("camera.permission-denied"))
      }
    }
  }

  @Test func `a question that nobody answers ends the wait with a hint`() async throws {
    // The 18 s that a person has are made half a second.
    let pending = """
      const wait = window.setTimeout
      window.setTimeout = (call, time, ...more) => wait(call, time > 15000 ? 500 : time, ...more)
      navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
      """
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let outcome = try await BrowserCheck.open(browser, server, before: pending).run()
        #expect(
          outcome.codes.starts(with: ["microphone.permission-unanswered", "camera.permission-unanswered"]),
          "\(outcome.codes)")
      }
    }
  }

  @Test func `too strict a wish is tried again without it and never shown`() async throws {
    let strict = """
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      navigator.mediaDevices.getUserMedia = async wish => {
        if (wish.video?.width) throw new OverconstrainedError('width')
        return ask(wish)
      }
      """
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let outcome = try await BrowserCheck.open(browser, server, before: strict).run()
        #expect(!outcome.codes.contains { $0.hasSuffix("browser-failed") }, "\(outcome.codes)")
        #expect(try outcome.measured().results(by: .standard)[2].state == .measured)
      }
    }
  }

  @Test func `a page that is not secure says so before the start and as a finding`() async throws {
    try await Chromium.with(hosts: "MAP clinic.test 127.0.0.1, ") { browser in
      try await BrowserCheck.withServer { server in
        let insecure = server.replacing("127.0.0.1", with: "clinic.test")
        let check = try await BrowserCheck.open(browser, insecure)
        let intro: String = try await check.page.value(
          "\(BrowserCheck.root).querySelector('.card').innerText")
        #expect(intro.contains("not secure"))
        let outcome = try await check.run()
        #expect(outcome.codes.starts(with: ["microphone.page-not-secure", "camera.page-not-secure"]))
      }
    }
  }

  @Test func `a browser inside an app without devices says where to open the page`() async throws {
    let app = """
      Object.defineProperty(navigator, 'userAgent', {value: navigator.userAgent + ' Instagram 300.0'})
      Object.defineProperty(navigator, 'mediaDevices', {value: undefined})
      """
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server, before: app)
        let intro: String = try await check.page.value(
          "\(BrowserCheck.root).querySelector('.card').innerText")
        #expect(intro.contains("inside another app") && intro.contains("Copy the link"))
        let outcome = try await check.run()
        #expect(outcome.codes.starts(with: ["microphone.browser-unsupported", "camera.browser-unsupported"]))
      }
    }
  }

  @Test func `an app that keeps the devices back is told before the start, and is the way out after it`()
    async throws
  {
    let app = """
      Object.defineProperty(navigator, 'userAgent', {value: navigator.userAgent + ' Instagram 300.0'});
      """
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let refused = app + Self.throwing("NotAllowedError", "Permission denied")
        let check = try await BrowserCheck.open(browser, server, before: refused)
        let intro: String = try await check.page.value(
          "\(BrowserCheck.root).querySelector('.card').innerText")
        #expect(intro.contains("inside another app") && intro.contains("Copy the link"))
        let outcome = try await check.run()
        #expect(outcome.text.contains("Open Safari or Chrome on this phone."), "\(outcome.text)")
        #expect(!outcome.text.contains("Click the icon left of the address"))
        #expect(
          try await check.page.value(
            "[...\(BrowserCheck.root).querySelectorAll('[part=first] button')].some(one => /Copy/.test(one.innerText))"
          ))
      }
    }
  }

  @Test func `a chosen device is the one tested, now and again, and never another in its place`()
    async throws
  {
    let watched = """
      window.wishes = []
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      navigator.mediaDevices.getUserMedia = async wish => { wishes.push(wish); return ask(wish) };
      """
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server, before: watched)
        _ = try await check.run()
        let select = "\(BrowserCheck.root).querySelector('#choose-microphone')"
        try await check.page.run("\(BrowserCheck.root).querySelector('[part=devices]').open = true")
        try await check.page.run("\(select).selectedIndex = 1; told.length = 0; wishes.length = 0")
        let chosen: String = try await check.page.value("\(select).value")
        try await check.page.click("\(select).parentElement.querySelector('button')")
        #expect(try await check.outcome().name == "complete")
        #expect(try await check.page.value("wishes.map(one => one.audio.deviceId.exact)") == [chosen])
        #expect(try await check.page.value("\(select).value") == chosen)
        // Once it is gone, that is said; nothing else is tested under its name.
        try await check.page.run(
          """
          \(BrowserCheck.root).querySelector('[part=devices]').open = true
          \(select).options[1].value = 'gone'; \(select).selectedIndex = 1; told.length = 0
          """)
        try await check.page.click("\(select).parentElement.querySelector('button')")
        let gone = try await check.outcome()
        #expect(gone.codes.contains("microphone.none"), "\(gone.codes)")
      }
    }
  }

  private static func throwing(_ name: String, _ message: String) -> String {
    "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('\(message)', '\(name)') };"
  }
}
