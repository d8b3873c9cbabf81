import PrecallCore
import PrecallTestSupport
import Testing

func bytes(_ text: String) -> Text { Text(text.utf8) }
func string(_ text: some Collection<UInt8>) -> String { String(decoding: text, as: UTF8.self) }

/// RFC 8259, and what it leaves to a reader.
@Suite struct JSONReaderTests {
  private func problem(_ document: Text) -> JSONError.Problem? {
    do throws(JSONError) {
      _ = try JSONReader.read(document)
      return nil
    } catch {
      return error.problem
    }
  }

  @Test(
    arguments: [
      ("null", .null), (" true ", .bool(true)), ("\t\n\rfalse", .bool(false)), ("0", .integer(0)),
      ("-0", .integer(0)), ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)), ("100000000000000000000", .number(1e20)),
      ("0.3", .number(0.3)), ("2.675", .number(2.675)), ("1e3", .number(1000)), ("1E+2", .number(100)),
      ("25e-1", .number(2.5)), ("-1.5e-3", .number(-0.0015)), ("1e-999999999999", .number(0)),
      ("\"\"", .string([])), ("[]", .array([])), ("{}", .object([])),
      ("\"\\u00e4\\ud83d\\ude00\\/\\\"\\\\\\b\\f\\n\\r\\t\"", .string(bytes("ä😀/\"\\\u{8}\u{c}\n\r\t"))),
      (
        "[1, [2], {\"a\": null}]",
        .array([
          .integer(1), .array([.integer(2)]),
          .object([JSONValue.Member(key: bytes("a"), value: .null)]),
        ])
      ),
    ] as [(String, JSONValue)])
  func `reads what is JSON`(document: String, value: JSONValue) throws {
    #expect(try JSONReader.read(bytes(document)) == value)
  }

  @Test(
    arguments: [
      ("", .endsEarly), ("{", .endsEarly), ("[1", .endsEarly), ("\"a", .endsEarly), ("tru", .endsEarly),
      ("{\"a\"", .endsEarly), ("{\"a\":", .endsEarly), ("\"\\", .endsEarly), ("\"\\u12", .endsEarly),
      ("-", .endsEarly), ("nul1", .unexpectedByte), ("[1,]", .unexpectedByte), ("{,}", .unexpectedByte),
      ("{a:1}", .unexpectedByte), ("{\"a\":1,}", .unexpectedByte), ("{\"a\" 1}", .unexpectedByte),
      ("'a'", .unexpectedByte), ("+1", .unexpectedByte), (".5", .unexpectedByte), ("NaN", .unexpectedByte),
      ("Infinity", .unexpectedByte), ("\u{feff}1", .unexpectedByte), ("\"\u{1}\"", .unexpectedByte),
      ("\"a\nb\"", .unexpectedByte), ("// x\n1", .unexpectedByte), ("01", .badNumber), ("1.", .badNumber),
      ("1e", .badNumber), ("1e400", .badNumber), ("-1e999", .badNumber), ("1 2", .trailingBytes),
      ("{}}", .trailingBytes), ("\"\\x\"", .badEscape), ("\"\\u12g4\"", .badEscape),
      ("\"\\ud800\"", .badEscape), ("\"\\udc00\"", .badEscape), ("\"\\ud800\\u0041\"", .badEscape),
      ("{\"a\":1,\"a\":2}", .duplicateKey), ("{\"a\":1,\"\\u0061\":2}", .duplicateKey),
    ] as [(String, JSONError.Problem)])
  func `refuses what is not JSON`(document: String, expected: JSONError.Problem) {
    #expect(problem(bytes(document)) == expected)
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3], [0xE2, 0x82], [0xC3, 0x28],
    ] as [[UInt8]])
  func `refuses what is not UTF-8`(sequence: [UInt8]) {
    #expect(problem([0x22] + sequence + [0x22]) == .notUTF8)
  }

  @Test func `depth, size and members are bounded`() {
    func nested(_ depth: Int) -> Text {
      bytes(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    }
    #expect(problem(nested(JSONReader.maximumDepth)) == nil)
    #expect(problem(nested(JSONReader.maximumDepth + 1)) == .tooDeep)
    #expect(problem(Text(repeating: UInt8(ascii: "["), count: 1_000_000)) == .tooDeep)
    #expect(problem(Text(repeating: UInt8(ascii: " "), count: 16_000_001)) == .tooLarge)
    #expect(problem(Text(repeating: UInt8(ascii: " "), count: 16_000_000)) == .endsEarly)
    let members = (0...JSONReader.maximumMembers).map { "\"\($0)\":0" }.joined(separator: ",")
    #expect(problem(bytes("{\(members)}")) == .tooLarge)
  }

  @Test func `an error names its line and column, counted in characters`() throws {
    let document = bytes("{\n  \"a\": 1,\n  \"ärger\": oops\n}")
    let error = try #require(throws: JSONError.self) { try JSONReader.read(document) }
    #expect(string(error.sentence(in: document)) == "line 3, column 12: this is not JSON")
    #expect(string(error.json()) == "{\"error\":\"this is not JSON\",\"offset\":24}")
  }

  @Test func `what the writer writes, the reader reads`() throws {
    var random = Mutations(seed: 11)
    for _ in 0..<2_000 {
      let key = Text((0..<8).map { _ in UInt8.random(in: 0..<0x80, using: &random) })
      let number = Int64.random(in: .min ... .max, using: &random)
      for indent in [0, 2] {
        var writer = JSONWriter(indent: indent)
        writer.object { json in
          json.key(key)
          json.array { json in
            json.value(number)
            json.value(key)
            json.value(number > 0)
            json.object { _ in }
          }
        }
        let value = JSONValue.array([.integer(number), .string(key), .bool(number > 0), .object([])])
        #expect(try JSONReader.read(writer.text) == .object([.init(key: key, value: value)]))
      }
    }
  }
}
