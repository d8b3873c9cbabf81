import CFuse
import Glibc
import PrecallCore

/// What one virtual camera is and does, as its script says.
struct CameraScript: Sendable {
  struct Mode: Sendable {
    var format: String
    var sizes: [(width: Int, height: Int)]
    var rates: [Double]
    /// Listed as everything from the first of `sizes` to the last, or from the last of `rates` to the first.
    var isRange = false
  }
  struct Fault: Sendable {
    enum Kind: String { case stall, pause, unplug, marked, short, gap, cut, garbled, errno, freeze }
    var kind: Kind
    /// The first and the last frame that it strikes, counted from 0.
    var frames: ClosedRange<Int>
    var errno: Int32
    /// How long a pause lasts.
    var seconds: Double
  }

  var card = "Virtual Camera"
  /// What the kernel calls its node; the card where nothing is said.
  var name: String?
  /// No bus has it: it stands among the kernel's devices that programs make.
  var isSoftware = false
  var driver = "uvcvideo"
  var bus = "usb-0000:00:14.0-1"
  var capabilities = UInt32(V4L2_CAP_VIDEO_CAPTURE)
  var modes: [Mode] = []
  var picture = Scene.moving
  /// Frames a second that really come; nothing where the promise is kept.
  var rate: Double?
  var faults: [Fault] = []
  var errors: [String: Int32] = [:]
  var hangs: [String: Double] = [:]
  var privacy: Bool?
  /// Its privacy switch can be read only while it streams.
  var hidesPrivacy = false
  var slowsInTheDark: Bool?
  /// Bytes by which each line is longer than its pixels.
  var padding = 0
  /// What S_FMT answers, whatever it is asked.
  var answer: (format: String, width: Int, height: Int)?
  /// How many starts bring no frame.
  var silentStarts = 0
  /// How long no frame comes after each start.
  var startSeconds = 0.0
  /// The group that the node belongs to.
  var group: gid_t = 0
  /// Listed in sysfs, while the node is not there.
  var isListedOnly = false

  static func read(_ bytes: [UInt8]) throws -> [CameraScript] {
    let root = try JSONReader.read(bytes)
    guard let cameras = root["cameras"]?.array else { throw ScriptError("a script has a list \"cameras\"") }
    return try cameras.map(CameraScript.init)
  }

  private init(_ json: JSONValue) throws {
    guard let members = json.members else { throw ScriptError("a camera is an object") }
    for member in members { try take(String(decoding: member.key, as: UTF8.self), member.value) }
    if modes.isEmpty { modes = [Mode(format: "YUYV", sizes: [(640, 360)], rates: [30])] }
  }

  private mutating func take(_ key: String, _ value: JSONValue) throws {
    switch key {
    case "card": card = try text(value)
    case "name": name = try text(value)
    case "software": isSoftware = value.bool ?? false
    case "driver": driver = try text(value)
    case "bus": bus = try text(value)
    case "capabilities": capabilities = try Self.capabilities(value)
    case "formats": modes = try list(value).map(Self.mode)
    case "picture":
      guard let scene = Scene(rawValue: try text(value)) else { throw ScriptError("no such picture") }
      picture = scene
    case "rate": rate = value.number
    case "faults": faults = try list(value).map(Self.fault)
    case "errors":
      for error in value.members ?? [] { errors[called(error)] = try Self.number(of: try text(error.value)) }
    case "hangs": for hang in value.members ?? [] { hangs[called(hang)] = hang.value.number }
    case "privacy": privacy = value.bool
    case "hides_privacy": hidesPrivacy = value.bool ?? false
    case "slows_in_the_dark": slowsInTheDark = value.bool
    case "padding": padding = Int(value.integer ?? 0)
    case "answers": answer = try Self.answer(value)
    case "silent_starts": silentStarts = Int(value.integer ?? 0)
    case "start_seconds": startSeconds = value.number ?? 0
    case "group":
      guard let entry = getgrnam(try text(value)) else { throw ScriptError("no such group") }
      group = entry.pointee.gr_gid
    case "listed_only": isListedOnly = value.bool ?? false
    case "comment": break
    default: throw ScriptError("a camera has no \"\(key)\"")
    }
  }

  private static func mode(_ json: JSONValue) throws -> Mode {
    let sizes = try list(json["sizes"]).map(size)
    let rates = try list(json["rates"]).compactMap(\.number)
    guard let format = json["format"], !sizes.isEmpty, !rates.isEmpty else {
      throw ScriptError("a format has a name, sizes and rates")
    }
    return Mode(format: try text(format), sizes: sizes, rates: rates, isRange: json["range"]?.bool ?? false)
  }

  private static func size(_ json: JSONValue) throws -> (width: Int, height: Int) {
    guard let pair = json.array, pair.count == 2, let width = pair[0].integer, let height = pair[1].integer
    else { throw ScriptError("a size is [width, height]") }
    return (Int(width), Int(height))
  }

  private static func answer(_ json: JSONValue) throws -> (format: String, width: Int, height: Int) {
    guard let format = json["format"], let size = json["size"] else {
      throw ScriptError("an answer has a format and a size")
    }
    let (width, height) = try Self.size(size)
    return (try text(format), width, height)
  }

  private static func fault(_ json: JSONValue) throws -> Fault {
    guard let name = json["kind"], let kind = Fault.Kind(rawValue: try text(name)) else {
      throw ScriptError("a fault has a kind: stall, pause, unplug, marked, short, gap, cut, garbled or errno")
    }
    let first = Int(json["from"]?.integer ?? 0)
    let last = max(first, Int(json["to"]?.integer ?? .max))
    let error = try json["errno"].map { try number(of: try text($0)) }
    return Fault(
      kind: kind, frames: first...last, errno: error ?? EIO, seconds: json["seconds"]?.number ?? 0)
  }

  private static func capabilities(_ json: JSONValue) throws -> UInt32 {
    let names = [
      "capture": UInt32(V4L2_CAP_VIDEO_CAPTURE), "capture-mplane": UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE),
      "output-mplane": UInt32(V4L2_CAP_VIDEO_OUTPUT_MPLANE), "output": UInt32(V4L2_CAP_VIDEO_OUTPUT),
      "metadata": UInt32(V4L2_CAP_META_CAPTURE), "m2m": UInt32(V4L2_CAP_VIDEO_M2M),
      "media-controller": UInt32(V4L2_CAP_IO_MC),
    ]
    return try list(json).reduce(0) { all, name in
      guard let bit = names[try text(name)] else { throw ScriptError("no such capability") }
      return all | bit
    }
  }

  /// The errors that drivers give, by name.
  private static func number(of name: String) throws -> Int32 {
    let numbers = [
      "EACCES": EACCES, "EPERM": EPERM, "EBUSY": EBUSY, "EINVAL": EINVAL, "EIO": EIO, "ENODEV": ENODEV,
      "ENOENT": ENOENT, "ENOMEM": ENOMEM, "ENOSPC": ENOSPC, "ENOTTY": ENOTTY, "ENXIO": ENXIO,
      "EPIPE": EPIPE, "EPROTO": EPROTO, "ETIMEDOUT": ETIMEDOUT, "EILSEQ": EILSEQ, "ENOLINK": ENOLINK,
    ]
    guard let number = numbers[name] else { throw ScriptError("no such error number: \(name)") }
    return number
  }
}

struct ScriptError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

private func called(_ member: JSONValue.Member) -> String { String(decoding: member.key, as: UTF8.self) }

private func text(_ json: JSONValue) throws -> String {
  guard let text = json.string else { throw ScriptError("this must be text") }
  return String(decoding: text, as: UTF8.self)
}

private func list(_ json: JSONValue?) throws -> [JSONValue] {
  guard let list = json?.array else { throw ScriptError("this must be a list") }
  return list
}
