import PrecallCore
import PrecallWire

/// A file of certificates to trust.
///
/// One that can't be used is a mistake of whoever named it; told late, it would look like a fault of the server.
enum AuthorityFile {
  /// The path, where the file holds certificates as PEM (RFC 7468) and nothing broken.
  static func checked(_ path: String) throws(Complaint) -> String {
    let text = try Files.read(path, upTo: 1_000_000)
    switch Certificates.fault(in: text) {
    case nil: return path
    case .noCertificate:
      throw complaint(path, "it holds no certificate; give one as PEM, -----BEGIN CERTIFICATE-----")
    case .unreadable(let line): throw complaint(path, "the certificate that begins in line \(line) is broken")
    }
  }

  private static func complaint(_ path: String, _ what: String) -> Complaint {
    Complaint(
      status: .unusableFile, sentence: "I tried to read the certificates in \(path), but \(what).")
  }
}
