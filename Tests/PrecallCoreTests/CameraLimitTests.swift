import PrecallCore
import Testing

/// The steps from good over fair to poor of a camera, one row a figure: what is found on either side of each.
@Suite struct CameraLimitTests {
  typealias Step<Value> = (value: Value, found: [String])

  private static let facts = CameraMeasurement.Facts(
    width: 1_280, height: 720, rate: FrameRate(30), format: Text("YUYV".utf8), driver: .usb)

  private func frames(
    rate: Double = 30, for seconds: Double = 3, from start: Double = 0.1,
    _ picture: PictureStatistics = PictureStatistics(luma: 110_000, deviation: 40_000)
  ) -> [FrameSample] {
    (0..<Int(seconds * rate)).map { index in
      FrameSample(
        arrivedAt: .milliseconds((start + Double(index) / rate) * 1_000), sequence: Int64(index),
        picture: picture)
    }
  }

  /// Severity and code of all that is found, but for the hint that it is no HD.
  private func found(_ frames: [FrameSample], driver: CameraDriver = .usb) -> [String] {
    var facts = Self.facts
    facts.driver = driver
    return CameraMeasurement(facts: facts, frames: frames).assessed(by: .standard).findings.compactMap {
      $0.kind == .cameraNotHD ? nil : "\($0.severity.name) \($0.kind.code)"
    }
  }

  private func found(luma: Double, deviation: Double = 40, bright: Double = 0) -> [String] {
    found(
      frames(
        PictureStatistics(
          luma: Int64(luma * 1_000), deviation: Int64(deviation * 1_000), bright: .percent(bright))))
  }

  @Test func `Light is good from Y 60 to 190, and poor below 40 and above 210`() {
    let steps: [Step<Double>] = [
      (39, ["warning camera.too-dark"]), (41, ["note camera.dim"]), (59, ["note camera.dim"]), (61, []),
      (189, []), (192, ["note camera.bright"]), (209, ["note camera.bright"]),
      (212, ["warning camera.overexposed"]),
    ]
    for step in steps { #expect(found(luma: step.value) == step.found, "\(step.value)") }
  }

  @Test func `Burnt-out parts are worth a note from a tenth on, and a warning from 30 % on`() {
    let steps: [Step<Double>] = [
      (9, []), (11, ["note camera.bright"]), (29, ["note camera.bright"]),
      (31, ["warning camera.overexposed"]),
    ]
    for step in steps { #expect(found(luma: 120, bright: step.value) == step.found, "\(step.value)") }
  }

  @Test func `Contrast is pale under 12 steps of luma, and nothing under 5`() {
    let steps: [Step<Double>] = [
      (12.1, []), (11, ["note camera.low-contrast"]), (5.1, ["note camera.low-contrast"]),
      (4.9, ["problem camera.flat"]),
    ]
    for step in steps {
      #expect(found(luma: 120, deviation: step.value) == step.found, "\(step.value)")
    }
  }

  @Test func `The worse trait of a picture goes before the lighter one`() {
    #expect(found(luma: 50, deviation: 4) == ["problem camera.flat"])
    #expect(found(luma: 50, bright: 40) == ["warning camera.overexposed"])
    #expect(found(luma: 50, deviation: 10) == ["note camera.dim"])
  }

  @Test func `A rate is judged by what video needs, and by what was promised`() {
    let steps: [Step<Double>] = [
      (29, []), (26, ["note camera.below-promised"]), (16, ["note camera.below-promised"]),
      (14, ["warning camera.below-promised"]), (9, ["problem camera.below-promised"]),
    ]
    for step in steps { #expect(found(frames(rate: step.value)) == step.found, "\(step.value)") }
    var facts = Self.facts
    facts.rate = FrameRate(60)
    let half = CameraMeasurement(facts: facts, frames: frames(rate: 29)).assessed(by: .standard).findings
    #expect(half.map { "\($0.severity.name) \($0.kind.code)" } == ["warning camera.below-promised"])
    let (nine, four) = (frames(rate: 9, for: 4), frames(rate: 4, for: 4))
    for (frames, cap) in [(nine, Tier.lowVideo), (four, .audioOnly)] {
      let measurement = CameraMeasurement(facts: Self.facts, frames: frames)
      let slow = measurement.assessed(by: .standard).findings.first { $0.kind == .cameraBelowPromised }
      #expect(slow?.cap == cap)
    }
    // In the dark light is what helps; where the camera promises no more, another size.
    let dim = PictureStatistics(luma: 65_000, deviation: 30_000)
    #expect(found(frames(rate: 14, dim)) == ["warning camera.low-frame-rate"])
    facts.rate = FrameRate(12.5)
    let mode = CameraMeasurement(facts: facts, frames: frames(rate: 12.5)).assessed(by: .standard).findings
    #expect(mode.first.map { "\($0.severity.name) \($0.kind.code)" } == "warning camera.slow-mode")
  }

  @Test func `A promised rate on a limit is kept by all but one picture of it`() {
    let steps: [(promised: Double, sent: Double, found: [String])] = [
      (15, 14.99, []), (15, 14.6, []), (15, 14.4, ["warning camera.low-frame-rate"]),
      (10, 9.99, ["warning camera.slow-mode"]), (10, 9.7, ["warning camera.slow-mode"]),
      (10, 9.4, ["problem camera.slow-mode"]),
    ]
    for step in steps {
      var facts = Self.facts
      facts.rate = FrameRate(step.promised)
      let found = CameraMeasurement(facts: facts, frames: frames(rate: step.sent)).assessed(by: .standard)
        .findings.filter { $0.kind != .cameraNotHD }
      #expect(found.map { "\($0.severity.name) \($0.kind.code)" } == step.found, "\(step)")
    }
  }

  @Test func `A pause is worth a note from three pictures' time on, and a warning from a second on`() {
    func paused(_ seconds: Double) -> [FrameSample] {
      var some = frames(for: 12)
      for index in 200..<some.count {
        some[index].arrivedAt = some[index].arrivedAt + .milliseconds((seconds - 1 / 30) * 1_000)
      }
      return some
    }
    let steps: [Step<Double>] = [
      (0.09, []), (0.11, ["note camera.pauses"]), (0.9, ["note camera.pauses"]),
      (1.1, ["warning camera.pauses"]),
    ]
    for step in steps { #expect(found(paused(step.value)) == step.found, "\(step.value)") }
    // Where a browser measured, the page may have been late as well as the camera.
    #expect(found(paused(0.9), driver: .browser) == [])
  }

  @Test func `Any lost or damaged picture is worth a note, one of twenty a warning`() {
    var lost = frames()
    for index in 60..<lost.count { lost[index].sequence = Int64(index + 1) }
    #expect(found(lost) == ["note camera.frames-lost"])
    for index in 60..<lost.count { lost[index].sequence = Int64(index + 5) }
    #expect(found(lost) == ["warning camera.frames-lost"])
    func damaged(_ count: Int, of frames: [FrameSample]) -> [FrameSample] {
      var some = frames
      for index in 0..<count { some[20 + index * (some.count - 20) / count].fault = .cutShort }
      return some
    }
    #expect(found(damaged(1, of: frames())) == ["note camera.damaged"])
    #expect(found(damaged(4, of: frames())) == ["warning camera.damaged"])
    // The first half second is the camera's own.
    var first = frames()
    first[0].fault = .cutShort
    #expect(found(first) == [])
  }

  @Test func `The first picture may take 1.5 s, and is late after 3 s`() {
    let steps: [Step<Double>] = [
      (1.4, []), (1.6, ["note camera.slow-start"]), (3.1, ["warning camera.slow-start"]),
    ]
    for step in steps { #expect(found(frames(from: step.value)) == step.found, "\(step.value)") }
  }

  @Test func `Colour and shape have one step each`() {
    let tints: [Step<Int64>] = [
      (87_900, ["note camera.tinted"]), (88_100, []), (167_900, []), (168_100, ["note camera.tinted"]),
    ]
    for tint in tints {
      let picture = PictureStatistics(luma: 110_000, deviation: 40_000, blue: tint.value)
      #expect(found(frames(picture)) == tint.found, "\(tint.value)")
    }
    // 11:9 and 2:1 are usual still.
    let shapes: [Step<Int64>] = [
      (879, ["note camera.wrong-aspect"]), (880, []), (1_440, []), (1_442, ["note camera.wrong-aspect"]),
    ]
    for shape in shapes {
      var facts = Self.facts
      (facts.width, facts.height) = (shape.value, 720)
      let findings = CameraMeasurement(facts: facts, frames: frames()).assessed(by: .standard).findings
      let found = findings.filter { $0.kind != .cameraNotHD }.map { "\($0.severity.name) \($0.kind.code)" }
      #expect(found == shape.found, "\(shape.value)")
    }
  }

  @Test func `A picture is frozen after two seconds in which nothing moves, at the end`() {
    func still(
      from moved: Double, _ picture: PictureStatistics = PictureStatistics(luma: 110_000, deviation: 40_000)
    ) -> [FrameSample] {
      var some = frames(for: 4, from: 0, picture)
      for index in some.indices where some[index].arrivedAt > .milliseconds(moved * 1_000) {
        some[index].isRepeat = true
      }
      return some
    }
    #expect(found(still(from: 0)) == ["problem camera.frozen"])
    // What a program shows may well stand still.
    #expect(
      found(still(from: 0), driver: .virtual) == ["note camera.virtual", "warning camera.still-picture"])
    // Light brings no life into it; a picture of one colour needs its cover taken off first.
    let dark = PictureStatistics(luma: 35_000, deviation: 20_000)
    #expect(found(still(from: 3, dark)) == ["warning camera.too-dark"])
    #expect(found(still(from: 0, dark)) == ["problem camera.frozen"])
    #expect(
      found(still(from: 0, dark), driver: .virtual) == [
        "note camera.virtual", "warning camera.still-picture",
      ])
    let flat = PictureStatistics(luma: 110_000, deviation: 4_000)
    #expect(found(still(from: 0, flat)) == ["problem camera.flat"])
    #expect(found(still(from: 1.9)) == ["problem camera.frozen"])
    #expect(found(still(from: 2.1)) == [])
    var thawed = still(from: 0)
    thawed[thawed.count - 30].isRepeat = false
    #expect(found(thawed) == [])
  }
}
