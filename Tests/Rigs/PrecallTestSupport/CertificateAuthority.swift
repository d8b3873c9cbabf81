import Foundation

/// A certificate authority that only one test knows, and the certificate of this computer, or of the names of another,
/// that it vouches for, made by openssl.
package struct CertificateAuthority: Sendable {
  private let folder: String

  /// The certificate, its key, and that of the authority: PEM files.
  package var certificate: String { folder + "/host.pem" }
  package var key: String { folder + "/host.key" }
  package var root: String { folder + "/root.pem" }

  package init(in folder: String, for names: String = "IP:127.0.0.1,DNS:localhost") throws {
    self.folder = folder
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    try Self.run(
      ["openssl", "req", "-x509", "-subj", "/CN=Authority of a test", "-keyout", folder + "/root.key"]
        + ["-out", root, "-addext", "basicConstraints=critical,CA:TRUE"] + curve)
    try Self.run(
      ["openssl", "req", "-x509", "-subj", "/CN=localhost", "-CA", root, "-CAkey", folder + "/root.key"]
        + ["-keyout", key, "-out", certificate, "-addext", "subjectAltName=\(names)"]
        + ["-addext", "basicConstraints=critical,CA:FALSE"] + curve)
  }

  /// A certificate of this address that vouches for itself, in `folder` under `name`: so long, by its key, that a TLS
  /// handshake does not fit into one packet.
  package static func long(for address: String, in folder: String, _ name: String) throws {
    try run(
      ["openssl", "req", "-x509", "-newkey", "rsa:4096", "-nodes", "-days", "2", "-subj", "/CN=lab"]
        + ["-addext", "subjectAltName=IP:\(address)", "-keyout", "\(folder)/\(name).key"]
        + ["-out", "\(folder)/\(name).pem"])
  }

  /// Makes a Firefox whose profile this is trust it, or a Chromium whose database this is.
  func isTrusted(in database: String) throws {
    try Self.run(["certutil", "-d", "sql:" + database, "-N", "--empty-password"])
    try Self.run(["certutil", "-d", "sql:" + database, "-A", "-t", "C,,", "-n", "precall test", "-i", root])
  }

  /// Makes a Chromium with this home trust it.
  func isTrusted(inHome home: String) throws {
    let database = home + "/.pki/nssdb"
    try FileManager.default.createDirectory(atPath: database, withIntermediateDirectories: true)
    try isTrusted(in: database)
  }

  private static func run(_ arguments: [String]) throws {
    let environment = ["PATH": "/usr/bin:/bin"]
    let child = try ChildProcess.spawn(arguments, environment: environment, output: nil)
    let status = ChildProcess.wait(for: child)
    guard status == 0 else {
      throw RigError(
        "`\(arguments.joined(separator: " "))` ended with \(status); install openssl and libnss3-tools.")
    }
  }
}
