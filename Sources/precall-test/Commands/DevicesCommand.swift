import ArgumentParser

/// `precall-test devices`: the microphones and cameras of this computer.
struct DevicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "List the microphones and cameras of this computer.")
  func run() async throws {}
}
