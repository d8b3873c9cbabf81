import Foundation
import PrecallTestSupport
import Testing

/// What the screen says beside the sentences of the catalogue: the names and numbers of this computer.
@Suite("Names and numbers on the screen", .serialized) struct ScreenWordsTests {
  /// What a run says, in one line.
  private func screen(_ environment: [String: String], _ arguments: [String]) async throws -> String {
    let result = try await Program("precall-test", environment: environment)
      .run(["--quiet", "--format", "human"] + arguments)
    return result.output.split { $0.isWhitespace }.joined(separator: " ")
  }

  private func withMicrophones(
    _ modules: [String], speaking samples: [Int16], channels: Int = 1,
    _ body: (PrivatePulseAudio) async throws -> Void
  ) async throws {
    let daemon = try PrivatePulseAudio(modules: modules)
    defer { daemon.shutDown() }
    try daemon.control("set-default-source", "microphone")
    let feeder = try VirtualMicrophone(samples, into: daemon, named: "microphone", channels: channels)
    defer { feeder.stop() }
    try await body(daemon)
  }

  private let listening = ["--only", "microphone", "--no-speech"]

  @Test("M27: a volume that is too low is named with one that is not, and so it is heard")
  func quietByVolume() async throws {
    let modules = [VirtualMicrophone.module("microphone")]
    try await withMicrophones(modules, speaking: Speech.loud()) { daemon in
      try daemon.control("set-source-volume", "microphone", "35%")
      let low = try await screen(daemon.environment, listening)
      let words = try #require(
        low.firstMatch(
          of: #/Your voice is very quiet.* (\d+) dB are missing, as a volume of (\d+) % brings\./#),
        "\(low)")
      try daemon.control("set-source-volume", "microphone", "\(words.2)%")
      let set = try await screen(daemon.environment, listening)
      #expect(!set.contains("very quiet"), "\(words.2) %: \(set)")
    }
  }

  @Test("M27: where no volume brings it, only the decibels are named")
  func quiet() async throws {
    let samples = Waveform.scaled(try Speech.samples.get(), by: 0.03)
    try await withMicrophones([VirtualMicrophone.module("microphone")], speaking: samples) { daemon in
      let said = try await screen(daemon.environment, listening)
      #expect(said.contains(#/turn its volume up\. \d\d dB are missing\./#), "\(said)")
    }
  }

  @Test("M26: the side of a microphone that has sound", arguments: ["left", "right"])
  func side(live: String) async throws {
    let speech = try Speech.samples.get()
    let dead = Waveform.silence(seconds: 10)
    let samples = live == "left" ? Waveform.stereo(speech, dead) : Waveform.stereo(dead, speech)
    let module = VirtualMicrophone.module("microphone", channels: 2)
    try await withMicrophones([module], speaking: samples, channels: 2) { daemon in
      let said = try await screen(daemon.environment, listening)
      #expect(said.contains("Only one side of your microphone has sound. (\(live))"), "\(said)")
    }
  }

  @Test("M38: the microphone that calls will use, where another was tested")
  func otherThanDefault() async throws {
    let modules = [
      VirtualMicrophone.module("microphone", properties: "device.description=Laptop"),
      VirtualMicrophone.module("desk", properties: "device.description=Desk"),
    ]
    try await withMicrophones(modules, speaking: Speech.samples.get()) { daemon in
      let feeder = try VirtualMicrophone(Speech.samples.get(), into: daemon, named: "desk")
      defer { feeder.stop() }
      let said = try await screen(daemon.environment, listening + ["--source", "desk"])
      #expect(said.contains("your calls may use another. (Laptop)"), "\(said)")
    }
  }

  @Test(
    "C2, C13 and C29: the camera beside the chosen node, and how long its picture came",
    .enabled(if: VirtualCamera.isPossible, "\(VirtualCamera.whyNot)"),
    arguments: [
      ("infrared-first", "(IR Camera; the camera is HD Camera ("),
      ("metadata-first", "; the camera is HD Camera ("),
      ("stalled", "The picture stopped while we watched. (HD Camera) That was after "),
    ])
  func camera(script: String, words: String) async throws {
    try await VirtualCamera.with(script) { camera in
      let said = try await screen(camera.environment, ["--only", "camera", "--camera", "0"])
      #expect(said.contains(words), "\(said)")
    }
  }

  @Test(
    "C6: the camera that was passed over and why are on the screen only",
    .enabled(if: VirtualCamera.isPossible, "\(VirtualCamera.whyNot)"))
  func passedOver() async throws {
    try await VirtualCamera.with("busy-first") { camera in
      let holder = try camera.hold()
      defer { ChildProcess.end(holder) }
      let said = try await screen(camera.environment, ["--only", "camera"])
      let why = "(HD Camera: another program is using the camera; sleep (\(holder)))"
      #expect(said.contains("so we tested the next one. \(why)"), "\(said)")
      for format in ["json", "jsonl", "plain"] {
        let kept = try await Program("precall-test", environment: camera.environment)
          .run(["--only", "camera", "--quiet", "--format", format]).output
        #expect(kept.contains("camera.passed-over"), "\(kept)")
        #expect(!kept.contains("HD Camera") && !kept.contains("sleep"), "\(format): \(kept)")
      }
    }
  }
}
