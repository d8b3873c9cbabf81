import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// Reports against `Fixtures/reports`: the schema that others read them by, and golden files that never change.
@Suite struct ReportSchemaTests {
  private static let script = """
    import json, sys
    try:
        from jsonschema import Draft202012Validator as Validator
    except ImportError:
        sys.exit("python3 has no jsonschema; install it with: apt-get install python3-jsonschema")
    schema = json.load(open(sys.argv[1]))
    Validator.check_schema(schema)
    bad = [f"{path}: {error.json_path}: {error.message}" for path in sys.argv[2:]
           for error in Validator(schema).iter_errors(json.load(open(path)))]
    sys.exit("\\n".join(bad) if bad else 0)
    """

  /// What the validator says of the files; nothing where it finds no fault.
  private func validate(_ files: [URL]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let schema = URL(filePath: Fixtures.path("reports/report.schema.json"))
    process.arguments = ["python3", "-c", Self.script, schema.path] + files.map(\.path)
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: said, as: UTF8.self)
    return process.terminationStatus == 0 ? "" : text.isEmpty ? "python3 did not run" : text
  }

  @Test func `every report keeps to the schema`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [URL] = []
    for (index, report) in try ReportReadingTests.reports().enumerated() {
      files.append(folder.appending(path: "\(index).json"))
      try Data(report.json()).write(to: files[index])
    }
    #expect(try validate(files) == "")
  }

  @Test func `the schema refuses what is not a report`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("{\"format_version\":1,\"complete\":\"yes\"}".utf8).write(to: file)
    let said = try validate([file])
    #expect(said.contains("$.complete: 'yes' is not of type 'boolean'"), "\(said)")
    #expect(said.contains("'verdict' is a required property"), "\(said)")
  }

  @Test func `golden reports keep to the schema and are read and written as they are`() throws {
    let files = try Fixtures.json(in: "reports")
    #expect(!files.isEmpty)
    #expect(try validate(files) == "")
    for file in files {
      let golden = try Text(Data(contentsOf: file))
      #expect(string(try Report(json: golden).json() + [0x0A]) == string(golden), "\(file.lastPathComponent)")
    }
  }
}
