import Foundation
import PrecallCore
import Glibc
import PrecallTestSupport
import Testing

/// `precall-test devices` under virtual devices, in each of its faces.
@Suite("The list of devices", .enabled(if: VirtualCamera.isPossible, "\(VirtualCamera.whyNot)"))
struct DevicesTests {
  private static let modules = [
    VirtualMicrophone.module(
      "first", properties: "device.description='USB Headset' device.bus=usb device.bus_path='pci-1'"),
    VirtualMicrophone.module(
      "second", properties: "device.description='USB Headset' device.bus_path='pci-2'"),
    VirtualMicrophone.module(
      "bluez_input.1", properties: "device.description='Earbuds' device.bus=bluetooth"),
    "module-null-sink norewinds=1 sink_name=speaker sink_properties=device.description=Speaker",
  ]

  @Test("Each face is a golden file", arguments: ["human", "plain", "json"])
  func faces(format: String) async throws {
    let daemon = try PrivatePulseAudio(modules: Self.modules)
    defer { daemon.shutDown() }
    try daemon.control("set-default-source", "second")
    try daemon.control("set-source-mute", "first", "1")
    // Another program records from the second.
    let holder = try ChildProcess.spawn(
      ["parec", "-d", "second"],
      environment: PrivatePulseAudio.environment(in: daemon.directory).merging(daemon.environment) { $1 },
      output: nil)
    defer {
      ChildProcess.end(holder)
    }
    for _ in 0..<500 where try !daemon.control("list", "short", "sources").contains("RUNNING") {
      try await Task.sleep(for: .milliseconds(10))
    }
    try await VirtualCamera.with("by-name") { camera in
      let environment = daemon.environment.merging(camera.environment) { $1 }
      let holder = try camera.hold(node: 1)
      defer { ChildProcess.end(holder) }
      let result = try await Program("precall-test", environment: environment)
        .run(["devices", "--format", format])
      #expect(result.code == 0, "\(result.error)")
      let said = result.output.replacing(camera.deviceRoot, with: "/dev").replacing(
        "sleep (\(holder))", with: "sleep (123)")
      try Golden.expect(said, is: "cli/devices-\(format).txt")
    }
  }

  @Test("Every format, size and rate of a camera is listed on demand, ranges by their ends")
  func modes() async throws {
    try await VirtualCamera.with("ranges") { camera in
      let program = Program("precall-test", environment: camera.environment)
      let listed = try await program.run(["devices", "-v"]).output
      try Golden.expect(
        String(listed[(listed.range(of: "Cameras")?.lowerBound ?? listed.startIndex)...]),
        is: "cli/devices-verbose.txt")
      let json = try await program.run(["devices", "--format", "json"]).output
      let cameras = try JSONReader.read(Array(json.utf8))["cameras"]?.array ?? []
      #expect(cameras.map { $0["modes"]?.array?.count } == [1, 4])
      #expect(cameras.first?["modes"]?.array?.first?["lowest_mhz"]?.integer == 5_000)
      let short = try await program.run(["devices"]).output
      #expect(!short.contains("32x32"))
    }
  }

  @Test(
    "A camera that a check passes over says why, and is not the default",
    arguments: [
      ("infrared-first", ["infrared", nil], "usb", "the infrared camera for face login"),
      ("bayer", ["raw-sensor"], "usb", "needs extra software"),
      ("ipu6-then-usb", ["raw-sensor", "raw-sensor", nil], "image-processor", "needs extra software"),
      ("no-format", ["no-usable-format"], "usb", "in a form that browsers can't use"),
      ("virtual-idle", ["virtual-idle"], "virtual", "its program is not running"),
    ] as [(String, [String?], String, String)])
  func unusable(script: String, failures: [String?], driver: String, said: String) async throws {
    try await VirtualCamera.with(script) { camera in
      let program = Program("precall-test", environment: camera.environment)
      let json = try await program.run(["devices", "--format", "json"]).output
      let cameras = try JSONReader.read(Array(json.utf8))["cameras"]?.array ?? []
      let listed = cameras.map { $0["failure"]?.string.map { String(decoding: $0, as: UTF8.self) } }
      #expect(listed == failures, "\(json)")
      let first = failures.firstIndex(of: nil)
      #expect(cameras.map { $0["default"]?.bool } == failures.indices.map { $0 == first })
      #expect(cameras.first?["driver"]?.string == Text(driver.utf8))
      let lists = script != "virtual-idle"
      #expect((cameras.first?["modes"]?.array?.isEmpty == false) == lists, "\(json)")
      let plain = try await program.run(["devices", "--format", "plain"]).output
      #expect(plain.contains("can't be used: ") && plain.contains(said), "\(plain)")
    }
  }

  @Test("Without a sound service the cameras are listed, and the status says that something was not asked")
  func noSound() async throws {
    try await VirtualCamera.with("good") { camera in
      let result = try await Program("precall-test", environment: camera.environment).run(["devices"])
      #expect(result.code == 3)
      #expect(result.output.contains("No sound service runs"), "\(result.output)")
      #expect(result.output.contains("Cameras\n  0  "), "\(result.output)")
    }
  }

  @Test(
    "The name of a program that has a camera open can't command the terminal", arguments: ["human", "plain"])
  func hostileHolder(format: String) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let program = folder + "/a\u{1B}[31m\tb"
      try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: "/usr/bin/sleep")
      try await VirtualCamera.with("good") { camera in
        let holder = try camera.hold(by: program)
        defer { ChildProcess.end(holder) }
        let result = try await Program("precall-test", environment: camera.environment)
          .run(["devices", "--format", format])
        #expect(result.output.contains("in use by a [31m b"), "\(result.output)")
        #expect(!result.output.unicodeScalars.contains("\u{1B}"))
      }
    }
  }
}
