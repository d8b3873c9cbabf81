import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// Neither sound nor picture leaves the page: everything that it sends, keeps and tells is looked at.
@Suite struct BrowserPrivacyTests {
  @Test func `nothing of sound or picture leaves the page by any way`() async throws {
    let (breaches, outcome, statement) = try await Self.observe()
    #expect(breaches.isEmpty, "\(breaches)")
    // There was something to keep: the tone was heard and the red was seen, and a call was made.
    guard case .measured(let microphone) = try outcome.measured().microphone,
      case .measured(let camera) = try outcome.measured().camera
    else {
      Issue.record("\(outcome.text)")
      return
    }
    #expect(try #require(microphone.sound).windows.contains { $0.level.base > -12_000 })
    #expect(camera.frames.contains { ($0.picture?.red ?? 0) > 1_000 }, "\(camera.frames.prefix(2))")
    #expect(statement.far.tone > -60 && statement.far.looks > 5, "\(statement.far)")
  }

  /// What makes the test above a test: the same page with scripts in it that let all out.
  @Test func `a page that lets sound and picture out is found out at every way`() async throws {
    let (breaches, _, _) = try await Self.observe(before: Self.betrayal)
    for way in [
      "an upload of other than random", "localStorage", "sent: audio", "hears", "sees", "a data channel",
    ] {
      #expect(breaches.contains { $0.contains(way) }, "\(way) is not in \(breaches)")
    }
  }

  private static func observe(before script: String = "") async throws
    -> ([String], BrowserCheck.Outcome, BrowserWitness)
  {
    try await Fixtures.withTemporaryFolder { folder in
      let devices = try BrowserWitness.devices(in: folder)
      return try await Coturn.with { relay in
        try await Chromium.with(devices) { browser in
          try await WatchedServer.with(turn: BrowserCheck.turn(relay, [.udp])) { watched in
            let check = try await BrowserCheck.open(
              browser, watched.address, before: BrowserWitness.script + script)
            let outcome = try await check.run()
            let statement = try await BrowserWitness.statement(of: check.page)
            let told: [String] = try await check.page.value("told.map(one => JSON.stringify(one))")
            let breaches =
              try breaches(in: watched.requests(), statement) + breaches(in: statement)
              + breaches(in: told, outcome)
            return (breaches, outcome, statement)
          }
        }
      }
    }
  }

  // MARK: What is sent to the server

  private static func breaches(in requests: [WatchedServer.Request], _ statement: BrowserWitness) throws
    -> [String]
  {
    var breaches: [String] = []
    for request in requests {
      let name = "\(request.method) \(request.url)"
      if !isKnown(name) { breaches.append("a request of another kind: \(name.prefix(200))") }
      // No room for sound in a header.
      for (key, value) in request.headers where value.utf8.count > 300 {
        breaches.append("a long header, \(key)")
      }
      if request.url == "/v1/upload" {
        if !statement.random.contains(where: { isRepeated($0, in: request.body) }) {
          breaches.append("an upload of other than random bytes, \(request.body.count) long")
        }
      } else if !request.body.isEmpty {
        breaches.append("\(name) with a body of \(request.body.count) bytes")
      }
    }
    let uploads = requests.count { $0.url == "/v1/upload" }
    return breaches + (uploads >= 4 ? [] : ["only \(uploads) uploads were seen"])
  }

  private static func isKnown(_ request: String) -> Bool {
    let got =
      #/GET /(?:check\?lang=en|assets/[a-z0-9/.-]+|v1/policy|v1/ping|v1/download\?bytes=[0-9]{1,8})/#
    return request.wholeMatch(of: got) != nil
      || ["POST /v1/tickets", "POST /v1/upload", "POST /v1/turn-credentials"].contains(request)
  }

  private static func isRepeated(_ part: Data, in body: Data) -> Bool {
    var rest = body[...]
    while !rest.isEmpty {
      let count = min(part.count, rest.count)
      guard rest.prefix(count).elementsEqual(part.prefix(count)) else { return false }
      rest = rest.dropFirst(count)
    }
    return !body.isEmpty
  }

  // MARK: What is sent in the call, and kept

  private static func breaches(in statement: BrowserWitness) -> [String] {
    var breaches = statement.stored.map { "stored: \($0)" } + statement.violations.map { "tried: \($0)" }
    breaches += statement.sent.map { "the person's own track is sent: \($0)" }
    if statement.channels > 0 { breaches.append("a data channel") }
    if statement.far.microphone > -60 {
      breaches.append("the far end hears the microphone: \(statement.far)")
    }
    if abs(statement.far.red) > 80 { breaches.append("the far end sees the camera: \(statement.far)") }
    return breaches
  }

  // MARK: What the page around it is told

  /// Steps by their names, and measurements that hold nothing but what the engine knows to read.
  private static func breaches(in told: [String], _ outcome: BrowserCheck.Outcome) throws -> [String] {
    var breaches: [String] = []
    for one in told where !one.hasPrefix(#"{"name":"complete""#) && one.utf8.count > 120 {
      breaches.append("a long event: \(one.prefix(200))")
    }
    let read = try outcome.measured().json()
    let (known, all) = (try object(Data(read)), try object(Data((outcome.measurements ?? "").utf8)))
    if known != all { breaches.append("measurements with more in them than is known") }
    return breaches
  }

  private static func object(_ json: Data) throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: json) as? NSDictionary)
  }

  /// Records what the devices give and uploads it, remembers it, and puts it into the call.
  private static let betrayal = """
    ;(() => {
      const ask = navigator.mediaDevices.getUserMedia
      navigator.mediaDevices.getUserMedia = async wish => {
        const stream = await ask(wish)
        window.taken = stream
        localStorage.setItem('voice', 'hello')
        const recorder = new MediaRecorder(stream)
        recorder.ondataavailable = ({data}) => { if (data.size) fetch('/v1/upload', {method: 'POST', body: data}) }
        recorder.start(500)
        window.film = Object.assign(document.createElement('video'), {muted: true, srcObject: stream.clone()})
        film.play()
        return stream
      }
      const fill = CanvasRenderingContext2D.prototype.fillRect
      CanvasRenderingContext2D.prototype.fillRect = function (...place) {
        fill.apply(this, place)
        if (window.film && place[2] === 640) this.drawImage(film, 0, 0, 640, 360)
      }
      const add = RTCPeerConnection.prototype.addTrack
      RTCPeerConnection.prototype.addTrack = function (track, ...streams) {
        this.createDataChannel('more')
        return add.call(this, track.kind === 'audio' ? taken.getAudioTracks()[0] : track, ...streams)
      }
    })();
    """
}
