import PrecallCamera
import PrecallComputer
import PrecallCore
import PrecallMicrophone
import PrecallNetwork
import PrecallProbes

extension Examination {
  /// The probes that `plan` asks for; without a server there is nothing to measure the network against.
  init(
    _ plan: CheckPlan, server: ServerAddress?, snapshot: Snapshot?, until end: ContinuousClock.Instant
  ) {
    self.init(policy: plan.policy, deadline: end - .now)
    if plan.checks.contains(.network), let server {
      network = NetworkProbe(
        server: server, caFile: plan.authorityFile, policy: plan.policy,
        depth: plan.isFull ? .full : .enough(plan.policy.ampleRate))
    }
    if plan.checks.contains(.microphone) {
      microphone = MicrophoneProbe(
        source: plan.source, sink: plan.sink, listening: plan.isGuided ? .guided : .briefly,
        speaker: plan.playsTone ? .tone : .settings)
    }
    if plan.checks.contains(.camera) {
      camera = CameraProbe(camera: plan.camera, system: .ofEnvironment, snapshot: snapshot)
    }
    if plan.checks.contains(.computer) {
      computer = ComputerProbe(root: Environment["PRECALL_COMPUTER_ROOT"] ?? "")
    }
  }
}

extension CameraSystem {
  /// This computer's cameras, or those that `PRECALL_DEVICE_ROOT` and `PRECALL_SYSFS_ROOT` lead to: tests
  /// and `make demo` show virtual ones there.
  static var ofEnvironment: CameraSystem {
    var system = CameraSystem()
    if let root = Environment["PRECALL_DEVICE_ROOT"] { system.deviceRoot = root }
    if let root = Environment["PRECALL_SYSFS_ROOT"] { system.sysfsRoot = root }
    return system
  }
}
