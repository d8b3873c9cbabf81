import PrecallCamera
import SystemPackage

/// The picture that the person asked to keep, and the words where it can't be kept.
struct PictureFile: Sendable {
  let snapshot: Snapshot
  private let path: String

  init(_ path: String) throws(Complaint) {
    self.path = path
    do throws(SnapshotError) { snapshot = try Snapshot(path: path) } catch {
      let number = Errno(rawValue: error.number)
      let sentence =
        number == .fileExists
        ? "I tried to keep a picture in \(path), but that file is there already; name a new one."
        : "I tried to keep a picture in \(path), but the system says: \(number)."
      throw Complaint(status: .cannotCreate, sentence: sentence)
    }
  }

  /// Closes the file; says so where no picture is in it. The report tells why the camera gave none.
  func finish() {
    switch snapshot.finish() {
    case .written: break
    case .noPicture:
      Terminal.standardError.line("I tried to keep a picture in \(path), but the camera gave none.")
    case .failed(let number):
      Terminal.standardError.line(
        "I tried to keep a picture in \(path), but the system says: \(Errno(rawValue: number)).")
    }
  }
}
