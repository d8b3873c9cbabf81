import Foundation
import PrecallComputer
import PrecallCore
import PrecallProbes
import PrecallTestSupport
import Testing

/// The computer itself, described by the kernel's files in a folder of the test's own.
@Suite("This computer") struct ComputerTests {
  /// A state of the computer: the files that differ from an idle one, and all that must be found.
  struct State: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var files: [String: String]
    var codes: [String]
  }

  private static let core = "sys/devices/system/cpu/cpu0"
  private static let supply = "sys/class/power_supply"
  private static let battery = ["\(supply)/BAT0/type": "Battery", "\(supply)/BAT0/capacity": "12"]

  static let states = [
    State(testDescription: "idle", files: [:], codes: []),
    State(testDescription: "busy", files: ["proc/loadavg": "9.50 4.00 2.00 9/300 7"], codes: ["busy"]),
    State(
      testDescription: "busy by load and by pressure is one finding",
      files: ["proc/loadavg": "9.50 4.00 2.00 9/300 7", "proc/pressure/cpu": "some avg10=71.20 avg60=1.00"],
      codes: ["busy"]),
    State(
      testDescription: "little memory",
      files: ["proc/meminfo": "MemTotal: 4026184 kB\nMemAvailable: 204800 kB"],
      codes: ["little-memory"]),
    State(
      testDescription: "waiting for memory", files: ["proc/pressure/memory": "some avg10=22.00 avg60=9.00"],
      codes: ["little-memory"]),
    State(testDescription: "one core", files: ["sys/devices/system/cpu/online": "0"], codes: ["few-cores"]),
    State(
      testDescription: "one core of eight allowed",
      files: [
        "sys/devices/system/cpu/online": "0-7",
        "proc/self/status": "Name:\tprecall-test\nCpus_allowed_list:\t3\nMems_allowed_list:\t0",
      ], codes: ["few-cores"]),
    State(
      testDescription: "a container with the time of one core",
      files: ["sys/devices/system/cpu/online": "0-7", "sys/fs/cgroup/cpu.max": "80000 100000"],
      codes: ["few-cores"]),
    State(
      testDescription: "a container with the time of all",
      files: ["sys/devices/system/cpu/online": "0-7", "sys/fs/cgroup/cpu.max": "max 100000"], codes: []),
    State(
      testDescription: "slowed down",
      files: ["\(core)/cpufreq/scaling_max_freq": "1200000", "\(core)/cpufreq/cpuinfo_max_freq": "4200000"],
      codes: ["slowed"]),
    State(
      testDescription: "a fast core beside a slow one",
      files: [
        "\(core)/cpufreq/scaling_max_freq": "1200000", "\(core)/cpufreq/cpuinfo_max_freq": "4200000",
        "sys/devices/system/cpu/cpu1/cpufreq/scaling_max_freq": "4200000",
        "sys/devices/system/cpu/cpu1/cpufreq/cpuinfo_max_freq": "4200000",
      ], codes: []),
    State(
      testDescription: "power-saving mode", files: ["sys/firmware/acpi/platform_profile": "low-power"],
      codes: ["saves-power"]),
    State(
      testDescription: "power-saving mode where the firmware has no profiles",
      files: ["\(core)/cpufreq/energy_performance_preference": "power"], codes: ["saves-power"]),
    State(
      testDescription: "power-saving mode where the firmware calls its least quiet",
      files: [
        "sys/firmware/acpi/platform_profile": "quiet",
        "\(core)/cpufreq/energy_performance_preference": "power",
      ], codes: ["saves-power"]),
    State(
      testDescription: "quiet fans at full speed",
      files: [
        "sys/firmware/acpi/platform_profile": "quiet",
        "\(core)/cpufreq/energy_performance_preference": "balance_performance",
      ], codes: []),
    State(
      testDescription: "a balance of power and speed",
      files: ["\(core)/cpufreq/energy_performance_preference": "balance_performance"], codes: []),
    State(
      testDescription: "battery nearly empty",
      files: battery.merging(["\(supply)/BAT0/status": "Discharging", "\(supply)/AC/online": "0"]) { $1 },
      codes: ["battery-low"]),
    State(
      testDescription: "battery nearly empty, but charging",
      files: battery.merging(["\(supply)/BAT0/status": "Charging", "\(supply)/AC/online": "1"]) { $1 },
      codes: []),
    State(
      testDescription: "the mouse's battery nearly empty",
      files: battery.merging(["\(supply)/BAT0/status": "Discharging", "\(supply)/BAT0/scope": "Device"]) {
        $1
      },
      codes: []),
    State(
      testDescription: "files that make no sense are no facts",
      files: [
        "proc/loadavg": "many", "proc/meminfo": "MemAvailable: lots", "proc/pressure/cpu": "full",
        "sys/devices/system/cpu/online": "7-0", "\(core)/cpufreq/scaling_max_freq": "-5",
      ], codes: []),
  ]

  @Test("Each state has exactly its findings", arguments: states)
  func findings(state: State) async throws {
    try await withComputer(state.files) { root in
      let measurement = await ComputerProbe(root: root).measure { _ in }
      #expect(codes(measurement) == state.codes, "\(measurement)")
    }
  }

  @Test("A processor that slows down for heat while we look")
  func hot() async throws {
    let counter = "\(Self.core)/thermal_throttle/core_throttle_count"
    try await withComputer([counter: "3"]) { root in
      let measurement = await ComputerProbe(root: root).measure { _ in
        try? Data("4\n".utf8).write(to: URL(filePath: "\(root)/\(counter)"))
      }
      #expect(codes(measurement) == ["hot"])
      #expect(codes(await ComputerProbe(root: root).measure { _ in }).isEmpty)
    }
  }

  @Test("This very computer tells its cores and memory")
  func real() async {
    let measurement = await ComputerProbe().measure { _ in }
    #expect((measurement.cores ?? 0) >= 1)
    #expect((measurement.memoryAvailable ?? .zero) > .zero)
  }

  @Test("No finding of the computer is more than a warning, nor takes the video away")
  func mild() {
    #expect(FindingKind.computer.allSatisfy { $0.severity < .problem && $0.cap >= .standardVideo })
  }

  @Test("Where nothing is known nothing is found, and a report without this check is as before")
  func unknown() async throws {
    let measurement = await ComputerProbe(root: "/nonexistent").measure { _ in }
    #expect(measurement == ComputerMeasurement())
    #expect(codes(measurement).isEmpty)
    #expect(Measurements().results(by: .standard).count == 3)
    #expect(Measurements(computer: .measured(measurement)).results(by: .standard).count == 4)
  }

  private func codes(_ measurement: ComputerMeasurement) -> [String] {
    measurement.assessed(by: .standard).findings.map {
      String(decoding: $0.kind.code.bytes.dropFirst(9), as: UTF8.self)
    }
  }

  /// The idle computer of `Fixtures/`, with `files` in place of its own.
  private func withComputer(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let root = folder + "/computer"
      try FileManager.default.copyItem(atPath: Fixtures.path("computers/idle"), toPath: root)
      for (name, text) in files {
        let url = URL(filePath: "\(root)/\(name)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: url)
      }
      try await body(root)
    }
  }
}
