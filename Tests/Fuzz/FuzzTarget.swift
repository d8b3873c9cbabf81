import Glibc
import PrecallFuzz

/// What libFuzzer calls with each input; `PARSER` names the reader.
private let parser: Parser = {
  let name = getenv("PARSER").map { String(cString: $0) } ?? ""
  guard let parser = Parser.all.first(where: { $0.name == name }) else {
    print("PARSER must be one of: \(Parser.all.map(\.name).joined(separator: " "))")
    exit(64)
  }
  return parser
}()

@_cdecl("LLVMFuzzerTestOneInput") public func takeOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let octets = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let complaint = parser.complaint(octets) { fatalError("\(parser.name): \(complaint)") }
  return 0
}
