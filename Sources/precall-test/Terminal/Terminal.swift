import Glibc
import PrecallCore
import SystemPackage

/// One of the standard streams, or a file: what it can show, and writing to it.
struct Terminal: Sendable {
  let descriptor: FileDescriptor
  /// Whether a person looks at it.
  let isInteractive: Bool
  /// Whether lines can be drawn again: it is wide enough and moves its cursor.
  let canRedraw: Bool
  /// Columns to fill; 80 where the stream does not know.
  let width: Int
  /// Whether the locale's character set is UTF-8.
  let isUnicode: Bool
  let hasColour: Bool

  static let standardOutput = Terminal(.standardOutput)
  static let standardError = Terminal(.standardError)
  /// A file that nobody looks at yet: no colour, and the character set of whoever will.
  static let file = Terminal(FileDescriptor(rawValue: -1))

  /// Whether somebody sits at standard input.
  static var hasListener: Bool { isatty(FileDescriptor.standardInput.rawValue) == 1 }

  /// Colour unless the person, the terminal or NO_COLOR (no-color.org) says otherwise.
  private init(_ descriptor: FileDescriptor) {
    self.descriptor = descriptor
    let columns = Self.columns(of: descriptor)
    let isDumb = Environment["TERM"] == "dumb"
    isInteractive = isatty(descriptor.rawValue) == 1
    canRedraw = isInteractive && !isDumb && columns ?? 80 >= Self.narrowest
    width = min(max(columns ?? 80, Self.narrowest), 100)
    isUnicode = Self.localeIsUnicode
    let refuses = !(Environment["NO_COLOR"] ?? "").isEmpty || isDumb
    hasColour = isInteractive && !refuses && !CommandLine.arguments.contains("--no-color")
  }

  private static let narrowest = 40

  /// Nothing where neither the stream nor the environment knows.
  private static func columns(of descriptor: FileDescriptor) -> Int? {
    var size = winsize()
    let asked = unsafe ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size)
    if asked == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return Environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private static var localeIsUnicode: Bool {
    let named = [Environment["LC_ALL"], Environment["LC_CTYPE"], Environment["LANG"]]
    let name = named.compactMap { $0 }.first { !$0.isEmpty } ?? "C"
    let upper = name.uppercased()
    return upper.contains("UTF-8") || upper.contains("UTF8")
  }

  func line(_ text: String) { write(text + "\n") }

  /// Writes what fits the locale; a reader that went away is no reason to complain.
  func write(_ text: String) {
    _ = try? descriptor.writeAll((isUnicode ? text : Self.ascii(text)).utf8)
  }

  /// Writes what was asked for, and complains where it can't. Whether somebody still reads: who went away asked for
  /// no more, which is no reason to complain.
  @discardableResult func print(_ text: Text, as what: String) throws(Complaint) -> Bool {
    do {
      try descriptor.writeAll(text)
      return true
    } catch Errno.brokenPipe {
      return false
    } catch {
      throw Complaint(
        status: .cannotWrite,
        sentence: "I tried to write \(what), but the system says: \(Files.words(error)).")
    }
  }

  func print(_ text: String, as what: String) throws(Complaint) {
    try print(Text((isUnicode ? text : Self.ascii(text)).utf8), as: what)
  }

  /// The nearest ASCII text, for locales that can't show more.
  static func ascii(_ text: String) -> String {
    var ascii = ""
    for character in text.unicodeScalars {
      switch character {
      case "\u{2019}", "\u{2018}": ascii += "'"
      case "\u{201C}", "\u{201D}": ascii += "\""
      case "\u{2013}", "\u{2014}", "\u{2212}": ascii += "-"
      case "\u{2026}": ascii += "..."
      case "\u{00B7}", "\u{2022}": ascii += "-"
      case "\u{2588}": ascii += "#"
      case "\u{2591}": ascii += "."
      case _ where character.isASCII: ascii.unicodeScalars.append(character)
      default: ascii += "?"
      }
    }
    return ascii
  }

  func painted(_ text: String, _ colour: Colour) -> String {
    hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case bold = 1
    case dim = 2
  }
}

/// The environment's variables by name.
enum Environment {
  static subscript(name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
