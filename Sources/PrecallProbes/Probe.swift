package import PrecallCore

/// Something that can be examined on this computer.
///
/// A bad result is part of the measurement, never an error. A probe ends within its own deadlines; when the
/// surrounding task is cancelled it closes its sockets and devices at once and returns what it has.
package protocol Probe<Value>: Sendable {
  associatedtype Value: Measurement
  func measure(_ progress: @escaping @Sendable (Progress) -> Void) async -> Value
}

/// What a probe is doing, for a person who waits.
package enum Progress: Sendable {
  /// A step began: "opening the camera".
  case step(StaticString)
  /// What is tested, as a person recognises it, and why that one. For the screen only: never written.
  case testing(Text, StaticString)
  /// The share of the check that is done.
  case done(Share)
  /// How loud the microphone is now.
  case level(Decibels)
}

/// What happens while checks run, in order for each check.
package enum CheckEvent: Sendable {
  case started(Check)
  case progressed(Check, Progress)
  case finished(CheckResult)
}
