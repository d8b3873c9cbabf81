import Foundation
import PrecallCore
import PrecallTestSupport

/// What a byte and a packet cost the server, beside nginx and irtt at the same: of one core, by the kernel's
/// account, so that a client that can take no more does not count.
///
/// Without TLS nearly all is the kernel's work, which it does, and charges, partly where the client's
/// acknowledgements come in: how much depends on which of the two waits for the other. There the client shares
/// the server's core, and what both used counts; with TLS the server's own cryptography does.
enum ServerBenchmark {
  static func run() async {
    print("\nServer\n" + Figure.heading)
    do {
      try await Fixtures.withTemporaryFolder { folder in
        let authority = try CertificateAuthority(in: folder)
        for isSecure in [false, true] { try await downloads(in: folder, isSecure ? authority : nil) }
        try await ReflectorBenchmark.run()
      }
    } catch {
      print("server: \(error)" + Miss.mark(where: true, ": FAILED"))
    }
  }

  private static let bytes = 1_000_000_000
  private static let rounds = 3

  private static func downloads(in folder: String, _ authority: CertificateAuthority?) async throws {
    let ours = try await ourRates(authority)
    let theirs = try await nginxRates(in: folder, authority)
    guard let middle = theirs.sorted().dropFirst(theirs.count / 2).first else {
      return print(
        "download: nginx gave nothing; unpack it with `make .build/nginx`"
          + Miss.mark(where: true, ": FAILED"))
    }
    let ratios = ours.map { $0 / middle }
    let count = "\(ours.count + theirs.count) of \(2 * rounds) runs"
    print(count + Miss.mark(where: ours.count < rounds || theirs.count < rounds))
    Figure(
      name: "download over \(authority == nil ? "TCP" : "TLS"), Gbit/s a core", values: ours,
      least: 0.8 * middle,
      peer:
        "nginx: \(Figure.decimal(middle)), ratio \(ratios.map { Figure.decimal($0) }.joined(separator: ", ")) (0.8 asked)"
    ).show()
  }

  private static func ourRates(_ authority: CertificateAuthority?) async throws -> [Double] {
    var arguments = [
      Fixtures.program("precall-server"), "--port", "0", "--udp-port", "0", "--end-with-stdin",
    ]
    if let authority { arguments += ["--tls-cert", authority.certificate, "--tls-key", authority.key] }
    return try await PinnedProgram.with(core: 0, arguments) { program in
      guard let port = try JSONReader.read(program.greeting)["http_port"]?.integer else {
        throw RigError("no port")
      }
      return rates(of: program, UInt16(port), "/v1/download?bytes=\(bytes)", authority)
    }
  }

  private static func nginxRates(
    in folder: String, _ authority: CertificateAuthority?
  ) async throws -> [Double] {
    let port: UInt16 = 18_443
    let tls = authority.map {
      "ssl_certificate \($0.certificate); ssl_certificate_key \($0.key); ssl_protocols TLSv1.3;"
    }
    let nginx = try Nginx.command(
      in: folder, port: port, isTLS: tls != nil, "\(tls ?? "") root \(folder);",
      more: "sendfile on; tcp_nopush on; output_buffers 2 512k;")
    _ = Run.of(["/usr/bin/dd", "if=/dev/urandom", "of=\(folder)/body", "bs=1000000", "count=1000"])
    // nginx says nothing when it listens; a word of the shell's comes first.
    let command = ["/bin/sh", "-c", "echo; exec \(nginx.joined(separator: " "))"]
    return try await PinnedProgram.with(core: 0, command) { program in
      rates(of: program, port, "/body", authority)
    }
  }

  /// Gigabits for each second of processor time.
  private static func rates(
    of program: PinnedProgram, _ port: UInt16, _ path: String, _ authority: CertificateAuthority?
  ) -> [Double] {
    // It may not listen yet, and warms up.
    take(port, path, authority)
    return (0..<rounds).compactMap { _ in
      let before = program.processorTime
      let own: Double?
      if authority == nil {
        own = DroppingClient.download(path, bytes: bytes, from: port, on: 0)
      } else {
        own = take(port, path, authority) ? 0 : nil
      }
      let spent = program.processorTime - before
      return own.flatMap { spent > 0 ? Double(bytes) * 8 / 1e9 / (spent + $0) : nil }
    }
  }

  /// With curl, on the other core.
  @discardableResult
  private static func take(_ port: UInt16, _ path: String, _ authority: CertificateAuthority?) -> Bool {
    let command =
      ["/usr/bin/taskset", "-c", "1", "/usr/bin/curl", "-sf", "-o", "/dev/null", "--retry", "5"]
      + ["--retry-connrefused", "--retry-delay", "1"]
      + ["\(authority == nil ? "http" : "https")://127.0.0.1:\(port)\(path)"]
      + (authority.map { ["--cacert", $0.root] } ?? [])
    return Run.of(command)?.status == 0
  }
}
