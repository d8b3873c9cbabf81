import Glibc
import PrecallCore
import SystemPackage

/// A place for a whole text, looked at before there is anything to write.
struct OutputFile: Sendable {
  /// As the person named it.
  private let path: String
  /// What will be in it: "the report".
  private let what: String
  private let way: Way

  private enum Way {
    /// A regular file that is there, or none yet: it is written beside its place and then put there, so that a
    /// failure leaves what was there.
    case replaced(FilePath, as: stat?)
    /// A device, a pipe, or a file whose folder takes no other.
    case opened
    /// What a standard stream leads to, as behind /dev/stdout: its file may hold more than this text.
    case standing(FileDescriptor)
  }

  /// Touches nothing; throws where it is known by now that nothing can be written there.
  init(_ path: String, for what: String) throws(Complaint) {
    self.path = path
    self.what = what
    do { way = try Self.way(to: path) } catch {
      throw Self.complaint(.cannotCreate, path, what, error)
    }
  }

  /// Where a file is or will be, the same for each way to name it; nothing for a device or a pipe.
  static func place(of path: String) -> String? {
    if let found = try? facts(of: path), found.st_mode & S_IFMT != S_IFREG { return nil }
    if let place = resolved(path) { return place.string }
    let file = FilePath(path)
    guard let folder = resolved(folder(of: file).string), let name = file.lastComponent else { return path }
    return folder.appending(name).string
  }

  func write(_ text: Text) throws(Complaint) {
    switch way {
    case .replaced(let place, let facts): try replace(place, facts, by: text)
    case .standing(let stream): try attempt(.cannotWrite) { _ = try stream.writeAll(text) }
    case .opened:
      let file = try attempt(.cannotCreate) {
        try FileDescriptor.open(
          FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
          permissions: .ownerReadWrite)
      }
      try attempt(.cannotWrite) { _ = try file.closeAfter { try file.writeAll(text) } }
    }
  }

  private static func way(to path: String) throws(Errno) -> Way {
    guard let facts = try facts(of: path) else {
      // A link that leads nowhere: opening it makes what it names.
      var link = stat()
      if unsafe lstat(path, &link) == 0 { return .opened }
      try allow(W_OK | X_OK, folder(of: FilePath(path)))
      return .replaced(FilePath(path), as: nil)
    }
    switch facts.st_mode & S_IFMT {
    case S_IFDIR: throw .isDirectory
    case S_IFSOCK: throw .noSuchAddressOrDevice
    default: break
    }
    for stream in [FileDescriptor.standardOutput, .standardError] {
      var own = stat()
      guard unsafe fstat(stream.rawValue, &own) == 0 else { continue }
      if own.st_dev == facts.st_dev, own.st_ino == facts.st_ino { return .standing(stream) }
    }
    try allow(W_OK, FilePath(path))
    guard facts.st_mode & S_IFMT == S_IFREG, let place = resolved(path),
      unsafe access(folder(of: place).string, W_OK | X_OK) == 0
    else { return .opened }
    return .replaced(place, as: facts)
  }

  /// Nothing where there is nothing yet.
  private static func facts(of path: String) throws(Errno) -> stat? {
    var facts = stat()
    if unsafe stat(path, &facts) == 0 { return facts }
    let why = Errno(rawValue: errno)
    guard why == .noSuchFileOrDirectory, !path.isEmpty else { throw why }
    return nil
  }

  private static func allow(_ mode: CInt, _ path: FilePath) throws(Errno) {
    guard unsafe access(path.string, mode) == 0 else { throw Errno(rawValue: errno) }
  }

  /// The file itself, behind links.
  private static func resolved(_ path: String) -> FilePath? {
    guard let name = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(name) }
    return FilePath(unsafe String(cString: name))
  }

  private static func folder(of place: FilePath) -> FilePath {
    let folder = place.removingLastComponent()
    return folder.isEmpty ? "." : folder
  }

  private func replace(_ place: FilePath, _ facts: stat?, by text: Text) throws(Complaint) {
    var name = Array(Self.folder(of: place).appending(".precall-XXXXXX").string.utf8CString)
    let file = try attempt(.cannotCreate) {
      let number = unsafe mkstemp(&name)
      guard number >= 0 else { throw Errno(rawValue: errno) }
      return FileDescriptor(rawValue: number)
    }
    do throws(Complaint) {
      try attempt(.cannotWrite) {
        try file.closeAfter {
          // Who could read the file before can read it after, as far as this is ours to give.
          if let facts {
            _ = fchown(file.rawValue, facts.st_uid, facts.st_gid)
            _ = fchmod(file.rawValue, facts.st_mode & 0o777)
          }
          _ = try file.writeAll(text)
        }
      }
      try attempt(.cannotCreate) {
        guard unsafe rename(name, place.string) == 0 else { throw Errno(rawValue: errno) }
      }
    } catch {
      unsafe unlink(name)
      throw error
    }
  }

  private func attempt<Value>(
    _ status: ExitStatus, _ step: () throws -> Value
  ) throws(Complaint) -> Value {
    do { return try step() } catch { throw Self.complaint(status, path, what, error) }
  }

  private static func complaint(
    _ status: ExitStatus, _ path: String, _ what: String, _ error: any Error
  ) -> Complaint {
    Complaint(
      status: status,
      sentence: "I tried to write \(what) to \(path), but the system says: \(Files.words(error)).")
  }
}
