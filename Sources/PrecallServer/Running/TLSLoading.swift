import Foundation
import NIOSSL

/// Reads a certificate and key as a server needs them, and says what is wrong with them.
extension TLSConfiguration {
  static func loaded(from files: PrecallServerConfiguration.TLSFiles) throws(ServerFailure) -> Self {
    let chain = try certificates(files.certificate)
    let key = try privateKey(files.key)
    var configuration = Self.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do {
      _ = try NIOSSLContext(configuration: configuration)
    } catch {
      throw ServerFailure(
        .badConfiguration,
        "I tried to use the key \(files.key) with the certificate \(files.certificate), but they do not "
          + "belong together; give the key that the certificate was made for.")
    }
    return configuration
  }

  private static func certificates(_ path: String) throws(ServerFailure) -> [NIOSSLCertificate] {
    let bytes = try readFile(path, "the certificate")
    guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
      throw ServerFailure(
        .badConfiguration,
        "I tried to read the certificate \(path), but it is not one in PEM form; give a file that begins "
          + "with -----BEGIN CERTIFICATE-----.")
    }
    return chain
  }

  private static func privateKey(_ path: String) throws(ServerFailure) -> NIOSSLPrivateKey {
    let bytes = try readFile(path, "the key")
    guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
      throw ServerFailure(
        .badConfiguration,
        "I tried to read the key \(path), but it is not an unencrypted private key in PEM form; give a file "
          + "that begins with -----BEGIN PRIVATE KEY-----.")
    }
    return key
  }
}

/// The whole of a small file.
func readFile(_ path: String, _ what: String) throws(ServerFailure) -> [UInt8] {
  do {
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  } catch {
    let isRefused = (error as? CocoaError)?.code == .fileReadNoPermission
    let reason = isRefused ? "I may not" : "there is no such file, or it can't be read"
    throw ServerFailure(
      isRefused ? .noPermission : .noInput,
      "I tried to read \(what) \(path), but \(reason); check the name and its permissions.")
  }
}
