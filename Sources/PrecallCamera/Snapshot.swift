import Glibc
import PrecallCore
import Synchronization

/// The one picture that a person asked to keep: a new file, which only its owner may read.
package final class Snapshot: Sendable {
  package enum Outcome: Sendable, Equatable {
    case written
    /// The camera gave no whole picture; the file is gone again.
    case noPicture
    /// The error number of writing; the file is gone again.
    case failed(Int32)
  }

  private struct State {
    var descriptor: Int32
    var outcome = Outcome.noPicture
  }

  private let path: String
  private let state: Mutex<State>

  /// Creates the file; throws the error number, EEXIST where there is one already: it is never overwritten.
  package init(path: String) throws(SnapshotError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw SnapshotError(number: errno) }
    self.path = path
    state = Mutex(State(descriptor: file))
  }

  deinit { _ = finish() }

  /// Whether the picture is there, or can't be written.
  var isTaken: Bool { state.withLock { $0.outcome != .noPicture } }

  /// Writes the first picture that it is given.
  func take(_ pixels: Span<UInt8>, _ layout: PixelLayout, width: Int, height: Int, stride: Int) {
    guard
      let lines = PictureLines(layout, width: width, height: height, stride: stride, count: pixels.count)
    else { return }
    state.withLock { state in
      guard state.descriptor >= 0, state.outcome == .noPicture else { return }
      let number = PNGFile(descriptor: state.descriptor).write(lines, of: pixels)
      state.outcome = number == 0 ? .written : .failed(number)
    }
  }

  /// Closes the file, and takes it away unless the picture is in it.
  package func finish() -> Outcome {
    state.withLock { state in
      guard state.descriptor >= 0 else { return state.outcome }
      close(state.descriptor)
      state.descriptor = -1
      if state.outcome != .written { unsafe unlink(path) }
      return state.outcome
    }
  }
}

/// Why the file for a picture can't be made: an error number of the system.
package struct SnapshotError: Error, Sendable {
  package var number: Int32
}
