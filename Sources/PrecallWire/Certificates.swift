import CCrypto
package import PrecallCore

/// Certificates as text (PEM, RFC 7468).
package enum Certificates {
  /// Why a file of certificates is of no use to a TLS library.
  package enum Fault: Equatable, Sendable {
    case noCertificate
    /// The line, from 1, in which the first certificate begins that can't be read.
    case unreadable(line: Int)
  }

  /// A TLS library takes all of a file or nothing. Text between the certificates is no fault.
  package static func fault(in text: Text) -> Fault? {
    var isEmpty = true
    for (number, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where beginnings.contains(where: { line.starts(with: $0) }) {
      guard isCertificate(text[line.startIndex...]) else { return .unreadable(line: number + 1) }
      isEmpty = false
    }
    return isEmpty ? .noCertificate : nil
  }

  /// As OpenSSL names them, the second of old and the third with what it is trusted for.
  private static let beginnings = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]
    .map { Text("-----BEGIN \($0)-----".utf8) }

  /// Whether `text` begins with a certificate.
  private static func isCertificate(_ text: Text.SubSequence) -> Bool {
    unsafe text.withUnsafeBufferPointer { unsafe precall_crypto_is_certificate($0.baseAddress, $0.count) }
  }
}
