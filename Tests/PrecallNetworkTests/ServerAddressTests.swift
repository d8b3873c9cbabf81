import PrecallNetwork
import Testing

struct `Server address` {
  @Test(arguments: [
    ("visit.example.org", "https://visit.example.org:443"),
    ("visit.example.org:8443", "https://visit.example.org:8443"),
    ("HTTPS://Visit.example.org", "https://Visit.example.org:443"),
    ("http://visit.example.org", "http://visit.example.org:80"),
    ("localhost:8080", "http://localhost:8080"), ("127.0.0.1", "http://127.0.0.1:80"),
    ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443"), ("[::1]", "http://[::1]:80"),
    ("https://[2001:db8::1]/s/secret", "https://[2001:db8::1]:443"),
    ("praxis-müller.de", "https://praxis-müller.de:443"),
    ("https://visit.example.org/s/SECRET?token=SECRET#SECRET", "https://visit.example.org:443"),
    ("visit.example.org?x=1", "https://visit.example.org:443"),
  ]) func `only the origin is kept`(text: String, origin: String) throws {
    let address = try ServerAddress(text)
    #expect(address.origin == origin)
    #expect(!"\(address)".contains("SECRET"))
  }

  @Test(
    arguments: [
      ("", .empty), ("https://", .empty), ("/s/SECRET", .empty), ("ftp://visit.example.org", .scheme),
      ("javascript://SECRET", .scheme), ("user:SECRET@visit.example.org", .userInfo),
      ("visit example", .host),
      ("-visit", .host), ("visit..org", .host), ("[zz::1]", .host), ("[::1", .host),
      ("2001:db8::1", .brackets),
      ("visit:0", .port), ("visit:65536", .port), ("visit:SECRET", .port), ("visit:", .port),
      ("[::1]x", .port),
      ("visit:+80", .port), ("visit\n.org", .host), ("visit\u{0}.org", .host),
    ] as [(String, ServerAddressError.Problem)]) func `what is no address is refused without repeating it`(
      text: String, problem: ServerAddressError.Problem
    )
  {
    let error = #expect(throws: ServerAddressError.self) { try ServerAddress(text) }
    #expect(error?.problem == problem)
    let words = error?.description ?? ""
    #expect(words.hasPrefix("I tried to"))
    #expect(!words.contains("SECRET"))
  }
}
