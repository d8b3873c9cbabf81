import PrecallTestSupport
import PrecallWire
import Testing

/// Which files of certificates are of use, and where the others are broken.
@Suite struct CertificatesTests {
  private let good: [UInt8]
  init() throws { good = try Fixtures.bytes("network/tls/ca.pem") }

  private func fault(_ words: String...) -> Certificates.Fault? {
    Certificates.fault(in: Array(words.joined(separator: "\n").utf8))
  }

  @Test func `Certificates, and text between them, are no fault`() {
    #expect(Certificates.fault(in: good) == nil)
    let text = Array("Authority of a test\n".utf8)
    #expect(Certificates.fault(in: text + good + text + good + text) == nil)
    // Lines that end as on Windows.
    #expect(Certificates.fault(in: good.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }) == nil)
  }

  @Test func `A file without a certificate has none`() throws {
    #expect(fault("") == .noCertificate)
    #expect(fault("garbage", "\u{1}") == .noCertificate)
    #expect(Certificates.fault(in: try Fixtures.bytes("network/tls/server.key")) == .noCertificate)
  }

  @Test func `The first broken certificate is named by its line`() {
    let lines = good.count { $0 == 0x0A }
    for cut in [good.dropLast(30), good.dropLast(100), good.prefix(28)] {
      #expect(Certificates.fault(in: Array(cut)) == .unreadable(line: 1))
      #expect(Certificates.fault(in: good + cut) == .unreadable(line: lines + 1))
    }
    let begin = "-----BEGIN CERTIFICATE-----"
    let end = "-----END CERTIFICATE-----\n"
    #expect(fault(begin, "bm90IGEgY2VydGlmaWNhdGU=", end) == .unreadable(line: 1))
    #expect(fault("", begin, "???", end) == .unreadable(line: 2))
    // A sealed one would ask for its password.
    let sealed = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F", ""]
    #expect(fault(begin, sealed.joined(separator: "\n"), "bm90", end) == .unreadable(line: 1))
  }
}
