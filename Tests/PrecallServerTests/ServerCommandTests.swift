import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The built command, as a parent or a shell runs it.
@Suite struct ServerCommandTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Runs a program to its end.
  static func run(_ program: String, _ arguments: [String], input: String = "") async throws
    -> (status: Int32, output: String, error: String)
  {
    try await onThread {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      let (output, error, standardInput) = (Pipe(), Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = error
      process.standardInput = standardInput
      try process.run()
      try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try standardInput.fileHandleForWriting.close()
      let out = try output.fileHandleForReading.readToEnd() ?? Data()
      let err = try error.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return (
        process.terminationStatus, String(decoding: out, as: UTF8.self), String(decoding: err, as: UTF8.self)
      )
    }
  }

  static let server = Fixtures.program("precall-server")

  static func serve(_ arguments: [String]) async throws -> (status: Int32, output: String, error: String) {
    try await run(server, arguments)
  }

  @Test func `the help is the one we mean to give`() async throws {
    let golden = Self.root.appendingPathComponent("Fixtures/cli/precall-server-help.txt")
    let result = try await Self.serve(["--help"])
    #expect(result.status == 0)
    #expect(try result.output == String(contentsOf: golden, encoding: .utf8))
  }

  @Test(arguments: [
    ["--port", "x"], ["--port", "70000"], ["--max-tests", "0"], ["--log-level", "loud"], ["--tls-cert", "a"],
    ["--host", ""], ["--trusted-proxy", "proxy.example.org"], ["--nothing"], ["word"],
  ]) func `an option that can't be used is a usage error`(arguments: [String]) async throws {
    let result = try await Self.serve(arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty && result.error.hasPrefix("Error: "))
  }

  @Test func `it starts, says its ports in one line, and ends with its input`() async throws {
    let result = try await Self.serve(["--port", "0", "--udp-port", "0", "--end-with-stdin"])
    #expect(result.status == 0)
    #expect(result.output.split(separator: "\n").count == 1)
    let line = try JSONReader.read([UInt8](result.output.utf8.dropLast()))
    #expect(try #require(line["http_port"]?.integer) > 0)
    #expect(try #require(line["udp_port"]?.integer) > 0)
    #expect(line["tls"]?.bool == false)
  }

  @Test(arguments: [SIGTERM, SIGINT], [false, true])
  func `a signal ends it with zero, also while a client does not read`(signal: Int32, busy: Bool) async throws
  {
    let result = try await onThread { () -> (Int32, Process.TerminationReason) in
      let server = try RunningServer(["--max-seconds", "60"])
      let connection = busy ? try TestConnection(port: server.port, receiveBuffer: 4_096) : nil
      if let connection {
        try connection.send("GET /v1/download?bytes=900000000 HTTP/1.1\r\nHost: t\r\n\r\n")
        _ = try connection.receive()
      }
      kill(server.process.processIdentifier, signal)
      server.process.waitUntilExit()
      return (server.process.terminationStatus, server.process.terminationReason)
    }
    #expect(result == (0, .exit))
  }

  @Test func `while it stops, running tests go on and new ones are told so`() async throws {
    let (ready, received) = try await onThread { () -> (String, Int) in
      let server = try RunningServer(["--max-seconds", "2"])
      let running = try TestConnection(port: server.port)
      try running.send("GET /v1/download?bytes=900000000000 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
      var received = try running.receive().count
      kill(server.process.processIdentifier, SIGTERM)
      var ready = ""
      let end = Date() + 1.5
      while !ready.hasPrefix("HTTP/1.1 503"), Date() < end {
        let asking = try TestConnection(port: server.port)
        try asking.send("GET /readyz HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        ready = try asking.receiveText()
      }
      received += (try? running.receiveAll().count) ?? 0
      server.process.waitUntilExit()
      return (ready, received)
    }
    #expect(ready.hasPrefix("HTTP/1.1 503"))
    #expect(received > 1_000_000)
  }

  @Test func `a port in use is named, for TCP and for UDP`() async throws {
    let server = try RunningServer(["--compatible", "--compatible-port", "0"])
    let other = try #require(server.compatiblePort)
    for arguments in [
      ["--port", "\(server.port)", "--udp-port", "0"], ["--port", "0", "--udp-port", "\(server.udpPort)"],
      ["--port", "0", "--udp-port", "0", "--compatible", "--compatible-port", "\(other)"],
    ] {
      let result = try await Self.serve(arguments)
      #expect(result.status == 69)
      #expect(result.output.isEmpty)
      #expect(result.error.hasPrefix("precall-server: I tried to listen on 127.0.0.1, "))
      #expect(result.error.contains("another program uses it"))
      #expect(
        result.error.contains("choose a port with \(arguments[arguments.count - 2])") || arguments[1] != "0")
    }
    withExtendedLifetime(server) {}
  }

  @Test func `an address of another computer is refused in words`() async throws {
    let result = try await Self.serve(["--host", "203.0.113.1", "--port", "0", "--udp-port", "0"])
    #expect(result.status == 69)
    #expect(result.error.contains("this computer has no such address"))
  }
}

/// A server of its own for a test, killed when the test is over.
final class RunningServer {
  let process = Process()
  let port: UInt16
  let udpPort: UInt16
  let compatiblePort: UInt16?

  /// As a usual shell starts it: it may open 1,024 files before it asks for more.
  init(_ arguments: [String]) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
    process.arguments =
      ["--nofile=1024:", ServerCommandTests.server, "--port", "0", "--udp-port", "0"] + arguments
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      guard let byte = try output.fileHandleForReading.read(upToCount: 1)?.first else { break }
      line.append(byte)
    }
    let json = try JSONReader.read(line)
    port = UInt16(try #require(json["http_port"]?.integer))
    udpPort = UInt16(try #require(json["udp_port"]?.integer))
    compatiblePort = json["compatible_port"]?.integer.map { UInt16($0) }
  }

  deinit { if process.isRunning { process.terminate() } }
}
