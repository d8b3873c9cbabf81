import Glibc
import PrecallFuzz

/// The reader that the variable `PARSER` names.
private let parser: Parser = {
  let name = getenv("PARSER").map { String(cString: $0) } ?? ""
  guard let parser = Parser.all.first(where: { $0.name == name }) else {
    print("PARSER must be one of: \(Parser.all.map(\.name).joined(separator: " "))")
    exit(64)
  }
  return parser
}()

/// Reads one input; a complaint ends the run as a crash does.
@_cdecl("LLVMFuzzerTestOneInput") public func takeOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let octets = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let complaint = parser.complaint(octets) { fatalError("\(parser.name): \(complaint)") }
  return 0
}
