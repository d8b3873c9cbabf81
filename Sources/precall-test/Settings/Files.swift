import PrecallCore
import SystemPackage

/// Reading whole files, with errors in words.
enum Files {
  /// The bytes of a file that is no larger than `limit`; a larger one is refused before it is read whole.
  static func read(_ path: String, upTo limit: Int) throws(Complaint) -> Text {
    try reading(path, upTo: limit) {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      return try file.closeAfter { try text(of: file, limit) }
    }
  }

  /// The same of standard input where the path is `-`.
  static func readArgument(_ path: String, upTo limit: Int) throws(Complaint) -> Text {
    if path != "-" { return try read(path, upTo: limit) }
    return try reading("standard input", upTo: limit) { try text(of: .standardInput, limit) }
  }

  private static func text(of file: FileDescriptor, _ limit: Int) throws -> Text {
    var text: Text = []
    var block = Text(repeating: 0, count: 65_536)
    while text.count <= limit {
      let count = try unsafe block.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
      if count == 0 { return text }
      text += block.prefix(count)
    }
    throw Errno.fileTooLarge
  }

  private static func reading(_ path: String, upTo limit: Int, _ read: () throws -> Text) throws(Complaint)
    -> Text
  {
    do {
      return try read()
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
