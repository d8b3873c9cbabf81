import FoundationEssentials
import PrecallCamera
import PrecallCore
import PrecallProbes
import PrecallTestSupport

/// What it costs to watch a camera, and how true the frame rate is, beside v4l2-ctl on the same camera.
enum CameraBenchmark {
  private static let seconds = 6.0

  /// A camera of Fixtures/cameras, and how v4l2-ctl is told to take the mode that the check takes.
  private struct Case {
    var script: String
    var mode: String
    var rate: Double
    var costs: String?
  }

  private static let cases = [
    Case(
      script: "hd-uncompressed", mode: "width=1280,height=720,pixelformat=NV12", rate: 30,
      costs: "watching 720p at 30/s, % of a core"),
    Case(
      script: "good", mode: "width=1280,height=720,pixelformat=MJPG", rate: 30,
      costs: "watching 720p MJPEG at 30/s, % of a core"),
    Case(script: "low-rate", mode: "width=640,height=360,pixelformat=YUYV", rate: 7.5),
  ]

  static func run() async {
    var rates: [(ours: Double, peer: Double)] = []
    for camera in cases {
      do {
        let (ours, peer) = try await watch(camera)
        rates.append((ours.rate, peer.rate))
        guard let name = camera.costs else { continue }
        Figure(
          name: name, values: [ours.share], limit: 10, unit: "%",
          peer: "v4l2-ctl: \(Figure.decimal(peer.share))"
        ).show()
      } catch { print("\(camera.script): " + Miss.mark(where: true, "FAILED: \(error)")) }
    }
    let worst = rates.map { abs($0.ours / $0.peer - 1) * 100 }.max()
    Figure(
      name: "frame rate against v4l2-ctl, worst of \(rates.count)", values: [worst].compactMap { $0 },
      limit: 2,
      unit: "%",
      peer: rates.map { "\(Figure.decimal($0.ours)) and \(Figure.decimal($0.peer))" }.joined(separator: ", ")
    ).show()
  }

  private static func watch(
    _ test: Case
  ) async throws -> (ours: (share: Double, rate: Double), peer: (share: Double, rate: Double)) {
    try await VirtualCamera.with(test.script) { camera in
      let system = CameraSystem(deviceRoot: camera.deviceRoot, sysfsRoot: camera.sysfsRoot)
      let probe = CameraProbe(system: system, duration: .seconds(seconds))
      let (share, measurement) = await DeviceBenchmark.share { await probe.measure { _ in } }
      guard let rate = FrameSummary(of: measurement.frames).rate else { throw RigError("no frame came") }
      return ((share, rate.perSecond), try peer(test, camera))
    }
  }

  /// v4l2-ctl wants the kernel's word for what the node is, which a virtual camera has not: it gets it in a
  /// mount namespace of its own.
  private static func peer(_ test: Case, _ camera: VirtualCamera) throws -> (share: Double, rate: Double) {
    let output = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString)").path()
    defer { try? FileManager.default.removeItem(atPath: output) }
    let script = """
      mount -t tmpfs none /sys/dev/char && mkdir /sys/dev/char/0:0 &&
      echo DEVNAME=video0 >/sys/dev/char/0:0/uevent &&
      exec v4l2-ctl -d \(camera.deviceRoot)/video0 --set-fmt-video=\(test.mode) \
      --stream-mmap --stream-poll --stream-count=\(Int(seconds * test.rate)) --verbose
      """
    guard let run = Run.of(["/usr/bin/unshare", "-m", "/bin/sh", "-c", script], output: output),
      let said = try? String(contentsOf: URL(filePath: output), encoding: .utf8)
    else { throw RigError("v4l2-ctl did not run") }
    // cap dqbuf: 1 seq:     89 bytesused: 15652 ts: 0.000000 fps: 29.68 (…)
    let words = said.split(whereSeparator: { " \n".contains($0) })
    guard run.status == 0, let last = words.lastIndex(of: "fps:"), last + 1 < words.count,
      let rate = Double(words[last + 1])
    else { throw RigError("v4l2-ctl: \(said.suffix(300))") }
    return (run.cpu / run.wall * 100, rate)
  }
}
