import PrecallTestSupport

/// Environments in which the program under test finds devices, or none.
enum Devices {
  /// No sound server and no camera, whatever the machine has.
  static let none = [
    "PULSE_SERVER": "unix:/dev/null/none/pulse", "PRECALL_DEVICE_ROOT": "/dev/null/none",
    "PRECALL_SYSFS_ROOT": "/dev/null/none",
  ]

  /// A private sound daemon with a speaking microphone, and a good camera behind the kernel.
  static func withBoth<Result>(_ body: ([String: String]) async throws -> Result) async throws -> Result {
    let daemon = try PrivatePulseAudio(modules: [
      VirtualMicrophone.module("desk"), "module-null-sink norewinds=1 sink_name=loudspeaker",
    ])
    defer { daemon.shutDown() }
    try daemon.control("set-default-source", "desk")
    let voice = try VirtualMicrophone(Speech.samples.get(), into: daemon, named: "desk")
    defer { voice.stop() }
    return try await VirtualCamera.with("good") { camera in
      try await body(daemon.environment.merging(camera.environment) { $1 })
    }
  }
}
