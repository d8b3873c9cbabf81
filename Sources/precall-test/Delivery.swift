import PrecallCore
import PrecallProbes
import Synchronization
import SystemPackage

/// Brings the report to where the person wants it.
final class Delivery: Sendable {
  private let format: ReportFormat
  private let output: String?
  private let samples: String?
  private let isVerbose: Bool
  /// Event lines that wait for the report, where both go to a file.
  private let waiting = Mutex<Text>([])

  init(format: ReportFormat, output: String?, samples: String? = nil, isVerbose: Bool) {
    self.format = format
    self.output = output == "-" ? nil : output
    self.samples = samples
    self.isVerbose = isVerbose
  }

  /// Passes on what happened, in the format that has events.
  func event(_ event: CheckEvent) {
    switch event {
    case .started(let check): self.event(JSONLinesFace.started(check))
    case .progressed: break
    case .finished(let result): self.event(JSONLinesFace.finished(result))
    }
  }

  func event(_ line: Text) {
    guard format == .jsonl else { return }
    waiting.withLock { waiting in
      if output == nil { _ = try? FileDescriptor.standardOutput.writeAll(line) } else { waiting += line }
    }
  }

  /// Keeps what was measured where the person asked for it.
  func keep(_ measurements: Measurements) throws {
    if let samples { try Files.write(measurements.json(indent: 1), to: samples) }
  }

  /// Writes the report; where the file can't be written it goes to standard output, so that nothing is lost.
  func deliver(_ report: Report) throws {
    let text = waiting.withLock { $0 } + format.text(of: report, on: .standardOutput, verbose: isVerbose)
    guard let output else { return try print(text) }
    do {
      try Files.write(text, to: output)
    } catch {
      try print(text)
      throw error
    }
  }

  private func print(_ text: Text) throws {
    do {
      let shown = Terminal.standardOutput.isUnicode || format == .json || format == .jsonl
      let bytes = shown ? text : Array(Terminal.ascii(String(decoding: text, as: UTF8.self)).utf8)
      try FileDescriptor.standardOutput.writeAll(bytes)
    } catch Errno.brokenPipe {
      return
    } catch {
      throw Complaint(
        status: .cannotWrite, sentence: "I tried to write the report, but the system says: \(error).")
    }
  }
}
