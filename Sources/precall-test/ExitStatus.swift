import ArgumentParser
import PrecallCore

/// Why the program ends as it does: the verdict, or one of the sysexits.
enum ExitStatus: Int32 {
  case ready = 0
  case usable = 1
  case notReady = 2
  case notMeasured = 3
  case usage = 64
  case unusableFile = 65
  case noSuchFile = 66
  case unavailable = 69
  case internalFault = 70
  case cannotCreate = 73
  case cannotWrite = 74
  case configuration = 78
  case interrupted = 130

  init(_ outcome: Verdict.Outcome) {
    self =
      switch outcome {
      case .ready: .ready
      case .usable: .usable
      case .notReady: .notReady
      case .notMeasured: .notMeasured
      }
  }

  var asError: ExitCode { ExitCode(rawValue) }
}

/// What went wrong outside the examination, as a sentence for the person and a status for scripts.
struct Complaint: Error {
  var status: ExitStatus
  /// "I tried …, but …; do this."
  var sentence: String
}

extension Complaint {
  /// Runs `body`; a complaint is said on standard error and becomes the exit status. What nobody expected is our
  /// fault: left alone it would end as 1, a verdict.
  static func reported(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let complaint as Complaint {
      Terminal.standardError.line("error: \(complaint.sentence)")
      throw complaint.status.asError
    } catch let error where error is ExitCode || error is CleanExit || error is ValidationError {
      throw error
    } catch {
      Terminal.standardError.line(
        "error: I tried to do this, but came upon a fault of precall-test itself: \(Wording.clean("\(error)")). "
          + "Please report it with this sentence.")
      throw ExitStatus.internalFault.asError
    }
  }
}
