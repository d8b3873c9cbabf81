import ArgumentParser
import PrecallCamera
import PrecallMicrophone
import SystemPackage

/// `precall-test devices`: the microphones, speakers and cameras of this computer.
struct DevicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the microphones, speakers and cameras of this computer.",
    discussion: """
      The first column is what --source, --sink and --camera of a check take; the name
      or a part of it will do as well. Nothing is recorded, played or filmed.

      Exit status: 0; 3 where the sound service could not be asked.
      """)

  @Option(help: ArgumentHelp("human, plain or json.", valueName: "FORMAT"))
  var format: DeviceFormat = .human

  @Flag(name: .shortAndLong, help: "Each camera's formats and sizes, with the rates of each.")
  var verbose = false

  @Flag(help: "No colours; NO_COLOR does the same.")
  var noColor = false

  func run() async throws {
    try await Complaint.reported { try await list() }
  }

  private func list() async throws {
    async let sound = SoundDevices.list()
    async let cameras = Cameras.list(.ofEnvironment)
    let devices = Devices(sound: await sound, cameras: await cameras)
    let terminal = Terminal.standardOutput
    switch format {
    case .human:
      let text = devices.human(
        width: terminal.width, isVerbose: verbose, heading: { terminal.painted($0, .bold) })
      try terminal.print(text, as: "the list")
    case .plain: try terminal.print(devices.plain, as: "the list")
    case .json: try terminal.print(devices.json, as: "the list")
    }
    if devices.soundFailure != nil { throw ExitStatus.notMeasured.asError }
  }
}

/// The faces of a list of devices.
enum DeviceFormat: String, CaseIterable, ExpressibleByArgument {
  case human, plain, json
}
