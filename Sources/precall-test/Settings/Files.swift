import Glibc
import PrecallCore
import SystemPackage

/// Reading and writing whole files, with errors in words.
enum Files {
  /// The bytes of a file that is no larger than `limit`; a larger one is refused before it is read whole.
  static func read(_ path: String, upTo limit: Int) throws(Complaint) -> Text {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      return try file.closeAfter {
        var text = Text(repeating: 0, count: 0)
        var block = Text(repeating: 0, count: 65_536)
        while text.count <= limit {
          let count = try unsafe block.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
          if count == 0 { return text }
          text += block.prefix(count)
        }
        throw Errno.fileTooLarge
      }
    } catch Errno.fileTooLarge {
      throw Complaint(
        status: .unusableFile,
        sentence: "I tried to read \(path), but it is larger than \(limit / 1_000_000) MB; "
          + "a file of this program is much smaller.")
    } catch {
      throw Complaint(
        status: isMissing(error) ? .noSuchFile : .unusableFile,
        sentence: "I tried to read \(path), but the system says: \(words(error)).")
    }
  }

  /// Writes beside the file and then puts it in its place, so that a failure leaves what was there.
  static func write(_ text: Text, to path: String) throws(Complaint) {
    let place = FilePath(path)
    let beside = FilePath(path + ".new")
    do {
      let file = try FileDescriptor.open(
        beside, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
      _ = try file.closeAfter { try file.writeAll(text) }
    } catch {
      throw Complaint(
        status: .cannotCreate,
        sentence: "I tried to write the report to \(path), but the system says: \(words(error)).")
    }
    guard unsafe rename(beside.string, place.string) == 0 else {
      throw Complaint(
        status: .cannotWrite,
        sentence: "I tried to write the report to \(path), but the system says: \(Errno(rawValue: errno)).")
    }
  }

  private static func isMissing(_ error: any Error) -> Bool {
    (error as? Errno) == .noSuchFileOrDirectory || (error as? Errno) == .notDirectory
  }

  private static func words(_ error: any Error) -> String {
    (error as? Errno).map { "\($0)" } ?? "\(error)"
  }
}
