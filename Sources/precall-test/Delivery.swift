import PrecallCore
import PrecallProbes
import Synchronization
import SystemPackage

/// Brings the report to where the person wants it.
final class Delivery: Sendable {
  private let format: ReportFormat
  /// Nothing for standard output.
  private let output: OutputFile?
  private let samples: OutputFile?
  private let isVerbose: Bool
  /// Event lines that wait for the report, where both go to a file.
  private let waiting = Mutex<Text>([])

  /// Throws before anything is measured where a file is known to take nothing.
  init(format: ReportFormat, output: String?, samples: String? = nil, isVerbose: Bool) throws(Complaint) {
    self.format = format
    self.output = if let output, output != "-" { try OutputFile(output, for: "the report") } else { nil }
    if samples == "-" {
      throw Complaint(status: .usage, sentence: "I tried to keep the samples, but - is no file; name one.")
    }
    self.samples = if let samples { try OutputFile(samples, for: "the samples") } else { nil }
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

  /// Brings the report and what it was made of to their places, the report first: that one can't be written is
  /// no reason to lose the other.
  func deliver(_ report: Report, of measurements: Measurements) throws {
    let delivered = Result { try deliver(report) }
    if let samples { try samples.write(measurements.json(indent: 1)) }
    try delivered.get()
  }

  /// Writes the report; where the file can't be written it goes to standard output, so that nothing is lost.
  func deliver(_ report: Report) throws {
    guard let output else { return try print(report) }
    do {
      try output.write(text(of: report, on: .file))
    } catch {
      try print(report)
      throw error
    }
  }

  private func print(_ report: Report) throws {
    try Terminal.standardOutput.print(text(of: report, on: .standardOutput), as: "the report")
  }

  /// What waited and the report, as `terminal` can show it; JSON is UTF-8 everywhere.
  private func text(of report: Report, on terminal: Terminal) -> Text {
    let text = waiting.withLock { $0 } + format.text(of: report, on: terminal, verbose: isVerbose)
    if terminal.isUnicode || format == .json || format == .jsonl { return text }
    return Array(Terminal.ascii(String(decoding: text, as: UTF8.self)).utf8)
  }
}
