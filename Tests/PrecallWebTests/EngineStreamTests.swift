import PrecallCore
import PrecallTestSupport
import PrecallWeb
import Testing

/// What the browser's engine hears and sees, held against the native meters on the same samples.
@Suite struct EngineStreamTests {
  private static func floats(_ samples: [Int16]) -> [Float] { samples.map { Float($0) / 32_768 } }

  private static func sounds() throws -> [(rate: Int, samples: [Float])] {
    let speech = try Speech.samples.get()
    let hum = Waveform.mixed(
      Waveform.sine(50, amplitude: 0.05, seconds: 3), Waveform.noise(amplitude: 0.01, seconds: 3))
    // What no sound card sends, but a script may.
    var broken = floats(Waveform.sine(440, amplitude: 0.3, seconds: 1))
    for (index, value) in [Float.nan, .infinity, -.infinity, 4, -4, .leastNonzeroMagnitude].enumerated() {
      broken[1_000 + 700 * index] = value
    }
    return [
      (48_000, floats(speech)), (44_100, floats(speech)), (16_000, floats(speech)),
      (48_000, floats(Waveform.silence(seconds: 2))),
      (48_000, floats(Waveform.scaled(speech, by: 6))), (48_000, floats(Waveform.scaled(speech, by: 0.01))),
      (48_000, floats(hum)), (48_000, floats(Waveform.mixed(hum, speech))),
      (48_000, floats(Waveform.scaled(speech, by: 0.5, offset: 0.1))), (48_000, broken), (48_000, []),
    ]
  }

  @Test func `what it hears is what the native meter hears, byte for byte`() async throws {
    let sounds = try Self.sounds()
    let heard = try await Node.follow(sounds.map { .sound(rate: $0.rate, $0.samples) }, by: engine)
    for (index, (sound, answer)) in zip(sounds, heard).enumerated() {
      let native = Self.native(sound.rate, sound.samples)
      #expect(answer.json == native.json, "sound \(index): \(text(answer.json)) and \(text(native.json))")
      #expect(answer.levels == native.levels, "sound \(index)")
    }
    // They differ from one another, so that an answer that is always the same would not do.
    #expect(Set(heard.map(\.json)).count == sounds.count)
    #expect(heard[0].levels.count >= 30)
    #expect(text(heard[3].json).contains(#""constant":true"#), "\(text(heard[3].json).prefix(300))")
    #expect(text(heard[4].json).contains(/"clipped_runs_count":[1-9]/), "\(text(heard[4].json).prefix(300))")
  }

  private static func native(_ rate: Int, _ samples: [Float]) -> Node.Heard {
    var meter = SoundMeter(sampleRate: rate, channels: 1)
    var levels: [Int32] = []
    var (done, told) = (0, 0)
    while done < samples.count {
      let block = Array(samples[done..<min(done + 128, samples.count)])
      meter.take(block.span)
      done += block.count
      if Double(done - told) >= 0.1 * Double(rate) {
        levels.append(Int32((meter.latestLevel ?? .silence).base))
        told = done
      }
    }
    var json = JSONWriter()
    json.object { meter.sound.write(to: &$0) }
    return Node.Heard(json: json.text, levels: levels)
  }

  /// So many pictures 33 ms apart; `colour` says what stands at each point.
  private static func film(
    _ width: Int = 128, _ height: Int = 96, count: Int = 12, _ colour: (_ frame: Int, _ point: Int) -> [UInt8]
  ) -> [Node.Picture] {
    (0..<count).map { frame in
      Node.Picture(
        at: Int64(frame) * 33_333, width: width, height: height,
        rgba: (0..<(width * height)).flatMap { colour(frame, $0) + [255] })
    }
  }

  private static func grey(_ value: Int) -> [UInt8] { [UInt8](repeating: UInt8(value), count: 3) }

  private static let films = [
    // Dark with a little noise, the same picture over and over, a face's contrast that moves, colours.
    film { grey(10 + ($1 / 5 + $0 * 11) % 12) },
    film { grey(60 + ($1 / 8) % 120 + $0 * 0) },
    film { grey(60 + ($1 / 8 + $0 * 37) % 120) },
    film { [UInt8(($1 + $0 * 5) % 256), UInt8(($1 / 3) % 256), UInt8(200)] },
    film { _, _ in [0, 0, 0] }, film { _, _ in [255, 255, 255] },
    // Sizes that no eight divides, the smallest that is looked at, and none at all.
    film(131, 37) { grey(($1 * 7 + $0) % 256) }, film(2, 2) { grey(40 * $1 + $0) }, [],
  ]

  @Test func `what it sees is what the native summary says, byte for byte`() async throws {
    let seen = try await Node.follow(Self.films.map { .pictures($0) }, by: engine)
    for (index, (film, answer)) in zip(Self.films, seen).enumerated() {
      var taker = FrameTaker()
      for picture in film {
        taker.take(
          picture.rgba.span, width: picture.width, height: picture.height,
          at: Microseconds(base: picture.microseconds))
      }
      var json = JSONWriter()
      json.object { CameraMeasurement(frames: taker.frames).write(to: &$0) }
      #expect(answer.json == json.text, "film \(index): \(text(answer.json)) and \(text(json.text))")
    }
    #expect(Set(seen.map(\.json)).count == Self.films.count)
    #expect(text(seen[1].json).contains("true"), "a repeated picture is not told")
  }

  @Test func `one instance hears and sees anew, as often as it is asked`() async throws {
    let sound = Node.Stream.sound(rate: 48_000, Self.floats(try Speech.samples.get()))
    let film = Node.Stream.pictures(Self.films[2])
    let heard = try await Node.follow([sound, film, sound, film, sound], by: engine)
    #expect(heard[0] == heard[2] && heard[2] == heard[4] && heard[1] == heard[3])
  }
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
