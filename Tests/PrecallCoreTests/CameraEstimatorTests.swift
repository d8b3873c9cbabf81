import PrecallCore
import Testing

@Suite struct CameraEstimatorTests {
  static let picture = PictureStatistics(luma: 110_000, deviation: 40_000)

  /// Frames at even times in milliseconds, numbered one by one.
  func frames(
    _ count: Int, every milliseconds: Double, from start: Double = 100,
    picture: PictureStatistics? = picture, isRepeat: Bool = false
  ) -> [FrameSample] {
    (0..<count).map { index in
      FrameSample(
        arrivedAt: .milliseconds(start + Double(index) * milliseconds), sequence: Int64(index),
        isRepeat: isRepeat && index > 0, picture: picture)
    }
  }

  func findings(
    _ frames: [FrameSample], privacy: Bool? = nil, height: Int64 = 720, width: Int64? = nil,
    promising rate: FrameRate? = FrameRate(30), slowsInTheDark: Bool? = nil
  ) -> [Finding] {
    let facts = CameraMeasurement.Facts(
      width: width ?? height * 16 / 9, height: height, rate: rate, format: Text("YUYV".utf8),
      driver: .usb, privacy: privacy, slowsInTheDark: slowsInTheDark)
    return CameraMeasurement(facts: facts, frames: frames).assessed(by: .standard).findings
  }

  func codes(
    _ frames: [FrameSample], privacy: Bool? = nil, height: Int64 = 720, width: Int64? = nil,
    promising rate: FrameRate? = FrameRate(30), slowsInTheDark: Bool? = nil
  ) -> [String] {
    findings(
      frames, privacy: privacy, height: height, width: width, promising: rate, slowsInTheDark: slowsInTheDark
    ).map { $0.kind.code.description }
  }

  @Test func `The rate is n minus one over last minus first, after settling`() throws {
    let summary = FrameSummary(of: frames(61, every: 40))
    // From 100 + 500 ms on: frames at 620 to 2500 ms, 48 of them.
    #expect(summary.rate == FrameRate(25))
    #expect(summary.rateSamples == 48)
    #expect(summary.firstFrame == .milliseconds(100))
    #expect(summary.longestGap == .milliseconds(40))
    #expect(summary.lost == .zero)
  }

  @Test func `A burst at the start does not raise the rate`() {
    let burst = frames(10, every: 1, from: 0)
    let steady = frames(20, every: 100, from: 110)
    #expect(FrameSummary(of: burst + steady).rate == FrameRate(10))
  }

  @Test func `Lost frames are gaps in the count, across its end too`() {
    var some = frames(4, every: 100, from: 0)
    for (index, sequence) in [Int64(4_294_967_293), 4_294_967_295, 0, 1].enumerated() {
      some[index].sequence = sequence
    }
    // One is missing of five.
    #expect(FrameSummary(of: some).lost == Share(1, of: 5))
    some[2].sequence = nil
    #expect(FrameSummary(of: some).lost == nil)
  }

  @Test func `Damaged frames do not count as delivered`() {
    var some = frames(40, every: 50, from: 0)
    for index in stride(from: 1, to: 40, by: 2) { some[index].fault = .cutShort }
    let summary = FrameSummary(of: some)
    #expect(summary.damaged == .percent(50))
    #expect(summary.rate == FrameRate(10))
  }

  @Test func `One frame alone has no rate`() {
    let summary = FrameSummary(of: frames(1, every: 1))
    #expect(summary.rate == nil)
    #expect(summary.longestGap == nil)
    #expect(FrameSummary(of: []).median { $0.bright } == nil)
  }

  @Test func `A good camera gives no findings`() {
    #expect(codes(frames(60, every: 33.3)) == [])
  }

  @Test func `HD needs 1280 by 720 at 25 a second`() {
    #expect(codes(frames(60, every: 40), height: 720) == ["camera.below-promised"])
    #expect(codes(frames(60, every: 50), height: 480) == ["camera.below-promised", "camera.not-hd"])
    #expect(codes(frames(60, every: 33.3), height: 480) == ["camera.not-hd"])
    #expect(codes(frames(60, every: 33.3), height: 720, width: 960) == ["camera.not-hd"])
    // Within 2 %, and beyond: what it promises, it can't send where that is less.
    #expect(codes(frames(60, every: 40.7), promising: FrameRate(24.5)) == [])
    #expect(codes(frames(60, every: 41.2), promising: FrameRate(24.4)) == ["camera.not-hd"])
    #expect(codes(frames(60, every: 50), promising: FrameRate(20)) == ["camera.not-hd"])
  }

  @Test func `A camera that can send HD but is slow today is told what to do, not that it can't`() {
    let dim = PictureStatistics(luma: 60_000, deviation: 30_000)
    func found(_ milliseconds: Double, _ picture: PictureStatistics = Self.picture) -> [String] {
      findings(frames(60, every: milliseconds, picture: picture)).map {
        "\($0.severity.name) \($0.kind.code) \($0.cap.name)"
      }
    }
    #expect(found(50, dim) == ["note camera.slow-in-the-dark standard-video"])
    #expect(found(50) == ["note camera.below-promised standard-video"])
    #expect(found(41.2) == ["note camera.below-promised standard-video"])
    // HD is sent all the same.
    #expect(found(40) == ["note camera.below-promised hd-video"])
    #expect(found(40, dim) == ["note camera.slow-in-the-dark hd-video"])
    #expect(found(71, dim) == ["warning camera.low-frame-rate low-video"])
    // Slow by so little that nothing else is said.
    #expect(codes(frames(60, every: 41.2), promising: FrameRate(25)) == ["camera.not-hd"])
    // Nothing is promised: whether it can is not known.
    #expect(codes(frames(60, every: 71), promising: nil) == ["camera.low-frame-rate"])
  }

  @Test func `The picture's worst trait alone is named`() {
    let black = PictureStatistics(luma: 16_000, deviation: 0, dark: .percent(99))
    let flat = PictureStatistics(luma: 120_000, deviation: 1_000)
    let dark = PictureStatistics(luma: 30_000, deviation: 2_000, dark: .percent(60))
    let bright = PictureStatistics(luma: 200_000, deviation: 20_000, bright: .percent(40))
    let empty = PictureStatistics(luma: 0, deviation: 0, dark: .percent(100), blue: 0, red: 0)
    #expect(codes(frames(60, every: 33, picture: black, isRepeat: true)) == ["camera.black"])
    #expect(codes(frames(60, every: 33, picture: black), privacy: true) == ["camera.privacy-on"])
    #expect(codes(frames(60, every: 33, picture: flat)) == ["camera.flat"])
    #expect(codes(frames(60, every: 33, picture: dark)) == ["camera.too-dark"])
    #expect(codes(frames(60, every: 33, picture: bright)) == ["camera.overexposed"])
    #expect(codes(frames(60, every: 33, picture: empty)) == ["camera.empty"])
    #expect(codes(frames(63, every: 33, isRepeat: true)) == ["camera.frozen"])
  }

  @Test func `Blur is named where a sharp picture, a flat and a dark one are not`() {
    func codes(sharpness: Share?, luma: Int64 = 110_000, deviation: Int64 = 40_000) -> [String] {
      let picture = PictureStatistics(luma: luma, deviation: deviation, sharpness: sharpness)
      return self.codes(frames(60, every: 33, picture: picture))
    }
    #expect(codes(sharpness: .percent(8)) == ["camera.blurred"])
    #expect(codes(sharpness: .percent(28)) == [])
    #expect(codes(sharpness: nil) == [])
    #expect(codes(sharpness: .percent(8), deviation: 1_000) == ["camera.flat"])
    #expect(codes(sharpness: .percent(8), luma: 30_000) == ["camera.too-dark"])
  }

  @Test func `A slow camera is told to get light where it is dim, unless it says that it keeps its rate`() {
    func codes(every milliseconds: Double = 40, luma: Int64, slowsInTheDark: Bool?) -> [String] {
      let picture = PictureStatistics(luma: luma, deviation: 30_000)
      return self.codes(frames(60, every: milliseconds, picture: picture), slowsInTheDark: slowsInTheDark)
    }
    #expect(codes(luma: 60_000, slowsInTheDark: true) == ["camera.slow-in-the-dark"])
    #expect(codes(luma: 60_000, slowsInTheDark: nil) == ["camera.slow-in-the-dark"])
    #expect(codes(luma: 60_000, slowsInTheDark: false) == ["camera.below-promised"])
    for says in [true, nil] {
      #expect(codes(luma: 120_000, slowsInTheDark: says) == ["camera.below-promised"])
    }
    // Too slow for video, it is told one thing, not two.
    for says in [true, nil] {
      #expect(codes(every: 100, luma: 60_000, slowsInTheDark: says) == ["camera.low-frame-rate"])
    }
    #expect(codes(every: 100, luma: 60_000, slowsInTheDark: false) == ["camera.below-promised"])
  }

  @Test func `Below five frames a second there is no video`() {
    let measurement = CameraMeasurement(frames: frames(10, every: 250))
    let found = measurement.assessed(by: .standard).findings.first {
      $0.kind.code.equals(StaticString("camera.low-frame-rate").bytes)
    }
    #expect(found?.cap == .audioOnly)
    #expect(found?.severity == .problem)
    #expect(found?.measured == .frameRate(FrameRate(4)))
  }

  @Test(arguments: CameraFailure.allCases)
  func `Every failure has a finding of its own that leaves no video`(_ failure: CameraFailure) throws {
    let findings = CameraMeasurement(failure: failure).assessed(by: .standard).findings
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    #expect(finding.cap == .audioOnly)
    #expect(finding.severity == .problem)
  }

  @Test func `A measurement is read as it was written, without its names`() throws {
    var some = frames(5, every: 33)
    some[1].picture?.sharpness = .percent(28)
    some[2].fault = .garbled
    some[2].picture = nil
    let facts = CameraMeasurement.Facts(
      width: 1_280, height: 720, rate: FrameRate(30), format: Text("MJPG".utf8), driver: .virtual,
      privacy: false, slowsInTheDark: true, asked: PictureSize(width: 1_920, height: 1_080))
    var camera = CameraMeasurement(
      failure: .unplugged, passedOver: .busy, facts: facts, frames: some, subject: Text("Anna's Camera".utf8))
    camera.passedOverSubject = Text("Anna's other one: zoom (1)".utf8)
    let json = Measurements(camera: .measured(camera)).json()
    #expect(!String(decoding: json, as: UTF8.self).contains("Anna"))
    let report = Report(Measurements(camera: .measured(camera)), policy: .standard).json()
    #expect(!String(decoding: report, as: UTF8.self).contains("Anna"))
    guard case .measured(let read) = try Measurements(json: json).camera else {
      Issue.record("no camera was read")
      return
    }
    #expect(read.failure == .unplugged)
    #expect(read.passedOver == .busy)
    #expect(read.facts == facts)
    #expect(read.frames == some)
    #expect(Measurements(camera: .measured(read)).json() == json)
  }

  @Test(arguments: [
    "{}", #"{"frames": 3}"#, #"{"failure": "tired", "frames": []}"#, #"{"frames": [{"at_us": -1}]}"#,
    #"{"frames": [{"at_us": 1, "luma_milli": 9}]}"#, #"{"frames": [{"at_us": 1, "fault": "odd"}]}"#,
    #"{"frames": [{"at_us": 1, "sequence": 99999999999}]}"#,
    #"{"picture": {"width": 9, "height": 9, "format": "YUYV", "driver": "usb", "asked_width": 9}, "frames": []}"#,
    #"{"picture": {"width": 0, "height": 1, "format": "YUYV", "driver": "usb"}, "frames": []}"#,
    // Areas and shapes are multiplied: these once ended the server that judged them.
    #"{"picture": {"width": 4000000000000000000, "height": 1, "format": "MJPG", "driver": "usb"}, "frames": []}"#,
    #"{"picture": {"width": 1, "height": 4000000000000000000, "format": "MJPG", "driver": "usb"}, "frames": []}"#,
  ])
  func `Unusable measurements are refused`(_ text: String) {
    #expect(throws: JSONError.self) { try CameraMeasurement(json: try JSONReader.read(Text(text.utf8))) }
  }
}
