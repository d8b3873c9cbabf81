import PrecallCore
import SystemPackage

/// Reading whole files, with errors in words.
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

  private static func isMissing(_ error: any Error) -> Bool {
    (error as? Errno) == .noSuchFileOrDirectory || (error as? Errno) == .notDirectory
  }

  static func words(_ error: any Error) -> String {
    (error as? Errno).map { "\($0)" } ?? "\(error)"
  }
}
