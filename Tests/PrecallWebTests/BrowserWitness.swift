import Foundation
import PrecallTestSupport

/// What a page does with sound and picture, seen from before its own scripts on and from outside it.
struct BrowserWitness: Decodable {
  /// Random bytes that the page asked for: all that an upload may carry.
  var random: [Data]
  /// Kinds of the person's own tracks that a connection sends.
  var sent: [String]
  var channels: Int
  /// What the page tried to reach and was not let.
  var violations: [String]
  /// Everything that outlives the page.
  var stored: [String]
  var far: FarEnd

  /// What came out of the call's other end.
  struct FarEnd: Decodable {
    /// The loudest that the call's own tone and the microphone's tone were, in dBFS.
    var tone, microphone: Double
    /// By how much red outshone the other colours, of 255, over so many looks.
    var red: Double
    var looks: Int
  }

  /// The microphone plays this tone, and the camera shows nothing but red.
  static let hertz = 1_000.0

  static func devices(in folder: String) throws -> [String] {
    try BrowserMedia.writeSound(
      Waveform.sine(hertz, amplitude: 0.5, seconds: 4), to: "\(folder)/tone.wav")
    try BrowserMedia.writePicture(to: "\(folder)/red.y4m", chroma: (90, 240)) { frame, point in
      UInt8(76 + (point / 8 + frame * 7) % 11)
    }
    return Chromium.Devices.playing(sound: "\(folder)/tone.wav", picture: "\(folder)/red.y4m")
  }

  static func statement(of page: ChromiumPage) async throws -> BrowserWitness {
    try await page.value("witness.statement()")
  }

  /// To be run before the page's own scripts.
  static let script = """
    window.witness = {random: [], own: [], ends: [], channels: 0, violations: []};
    (() => {
      const {random, own, ends, violations} = witness
      const far = {tone: -200, microphone: -200, red: 0, looks: 0}
      addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI}) =>
        violations.push(`${effectiveDirective} ${blockedURI}`))

      const draw = crypto.getRandomValues.bind(crypto)
      crypto.getRandomValues = into => {
        draw(into)
        if (into.byteLength >= 1024) random.push(new Uint8Array(into).slice())
        return into
      }
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      navigator.mediaDevices.getUserMedia = async wish => {
        const stream = await ask(wish)
        own.push(...stream.getTracks())
        return stream
      }
      const copy = MediaStreamTrack.prototype.clone
      MediaStreamTrack.prototype.clone = function () {
        const other = copy.call(this)
        if (own.includes(this)) own.push(other)
        return other
      }

      const listen = track => {
        const context = new AudioContext()
        const analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0})
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
        const bins = new Float32Array(analyser.frequencyBinCount)
        const around = hertz => {
          const middle = Math.round(hertz * analyser.fftSize / context.sampleRate)
          return Math.max(-200, ...bins.subarray(middle - 2, middle + 3))
        }
        setInterval(() => {
          analyser.getFloatFrequencyData(bins)
          far.tone = Math.max(far.tone, around(220))
          far.microphone = Math.max(far.microphone, around(\(hertz)))
        }, 200)
      }
      const look = track => {
        const video = Object.assign(document.createElement('video'), {muted: true, srcObject: new MediaStream([track])})
        video.play().catch(() => {})
        const canvas = new OffscreenCanvas(32, 24).getContext('2d', {willReadFrequently: true})
        setInterval(() => {
          if (video.readyState < 2 || track.readyState === 'ended') return
          canvas.drawImage(video, 0, 0, 32, 24)
          const {data} = canvas.getImageData(0, 0, 32, 24)
          const sum = from => { let all = 0; for (let at = from; at < data.length; at += 4) all += data[at]; return all }
          far.red += (sum(0) - (sum(1) + sum(2)) / 2) / (data.length / 4)
          far.looks += 1
        }, 200)
      }
      window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...settings) {
          super(...settings)
          ends.push(this)
          this.addEventListener('track', ({track}) => track.kind === 'audio' ? listen(track) : look(track))
        }
        createDataChannel(...settings) {
          witness.channels += 1
          return super.createDataChannel(...settings)
        }
      }
      const sent = new Set()
      const note = () => {
        for (const {track} of ends.flatMap(end => end.getSenders())) if (own.includes(track)) sent.add(track.kind)
      }
      setInterval(note, 50)

      const stored = async () => {
        const files = []
        for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name)
        const found = {
          localStorage: Object.keys(localStorage), sessionStorage: Object.keys(sessionStorage),
          cookie: document.cookie ? [document.cookie] : [], cache: await caches.keys(), file: files,
          indexedDB: (await indexedDB.databases()).map(({name}) => name),
          worker: (await navigator.serviceWorker.getRegistrations()).map(({scope}) => scope),
        }
        return Object.entries(found).flatMap(([kind, names]) => names.map(name => `${kind} ${name}`))
      }
      const base64 = bytes => {
        let text = ''
        for (const byte of bytes) text += String.fromCharCode(byte)
        return btoa(text)
      }
      witness.statement = async () => {
        note()
        return {
          random: random.map(base64), sent: [...sent], channels: witness.channels, violations, stored: await stored(),
          far: {...far, red: far.red / Math.max(1, far.looks)},
        }
      }
    })();
    """
}
