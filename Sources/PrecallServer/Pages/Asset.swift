import CZlib
import HTTPTypes
import Hummingbird
import PrecallCore
import PrecallWire

/// A file as it is sent: plain, and packed where that is shorter.
struct Asset: Sendable {
  /// One way to send it (RFC 9110 section 3.2), with a strong validator of its own.
  struct Representation: Sendable {
    let bytes: [UInt8]
    let tag: String
    let encoding: String?
  }

  let type: String
  var isPage: Bool { type.hasPrefix("text/html") }
  let plain: Representation
  let packed: Representation?

  init(_ bytes: [UInt8], type: String) {
    self.type = type
    let hash = Digest.sha256.hash(of: bytes).prefix(12)
    let tag = String(decoding: Base64URL.encode(Array(hash)), as: UTF8.self)
    plain = Representation(bytes: bytes, tag: "\"\(tag)\"", encoding: nil)
    packed = Self.gzip(bytes).map { Representation(bytes: $0, tag: "\"\(tag)-gzip\"", encoding: "gzip") }
  }

  var bytes: [UInt8] { plain.bytes }

  /// What to send to a browser that takes these encodings (RFC 9110 section 12.5.3).
  func representation(accepting encodings: String?) -> Representation {
    guard let packed, let encodings else { return plain }
    let takesGzip = encodings.split(separator: ",").contains { entry in
      let parts = entry.lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
      guard let name = parts.first, name == "gzip" || name == "*" else { return false }
      return !parts.dropFirst().contains { $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0 }
    }
    return takesGzip ? packed : plain
  }

  private static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    let room = precall_gzip_room(bytes.count)
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      count = unsafe precall_gzip(bytes, bytes.count, buffer.baseAddress, room)
    }
    return packed.isEmpty || packed.count >= bytes.count ? nil : packed
  }
}
