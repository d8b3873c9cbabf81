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
    (" https://visit.example.org\n", "https://visit.example.org:443"),
    ("\"https://visit.example.org/s/SECRET\"", "https://visit.example.org:443"),
    ("‘http://127.0.0.1:8080’", "http://127.0.0.1:8080"),
    ("<https://visit.example.org>", "https://visit.example.org:443"),
    ("(http://visit.example.org:8080).", "http://visit.example.org:8080"),
    ("https://visit.example.org:8443,\u{A0}", "https://visit.example.org:8443"),
    ("\u{FEFF}visit.example.org.\u{200B}", "https://visit.example.org:443"),
    ("LOCALHOST:8080", "http://LOCALHOST:8080"), ("localhost.:80", "http://localhost.:80"),
    ("https.example.org", "https://https.example.org:443"), ("http-server", "https://http-server:443"),
  ]) func `only the origin is kept, as people copy it`(text: String, origin: String) throws {
    let address = try ServerAddress(text)
    #expect(address.origin == origin)
    #expect(!"\(address)".contains("SECRET"))
  }

  @Test(
    arguments: [
      ("", .empty), (" ", .empty), ("\"\"", .empty), ("https://https://SECRET", .twice),
      ("http://http:SECRET", .twice), ("http:/127.0.0.1/SECRET", .slashes), ("https:\\\\SECRET", .slashes),
      ("HTTP//SECRET", .slashes), ("https", .slashes), ("https:8443", .slashes), ("https://", .empty),
      ("/s/SECRET", .empty), ("ftp://visit.example.org", .scheme),
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
