import Foundation
import PrecallCore
import PrecallTestSupport

/// What a byte and a packet cost the server, beside nginx and irtt at the same: of one core, by the kernel's
/// account, so that a client that can take no more does not count.
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
      return rates(of: program, "127.0.0.1:\(port)/v1/download?bytes=\(bytes)", authority)
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
      rates(of: program, "127.0.0.1:\(port)/body", authority)
    }
  }

  /// Gigabits for each second of the server's processor.
  private static func rates(
    of program: PinnedProgram, _ address: String, _ authority: CertificateAuthority?
  ) -> [Double] {
    let scheme = authority == nil ? "http" : "https"
    let client =
      ["/usr/bin/taskset", "-c", "1", "/usr/bin/curl", "-sf", "-o", "/dev/null", "--retry", "5"]
      + ["--retry-connrefused", "--retry-delay", "1", "\(scheme)://\(address)"]
      + (authority.map { ["--cacert", $0.root] } ?? [])
    _ = Run.of(client)
    return (0..<rounds).compactMap { _ in
      let before = program.processorTime
      guard Run.of(client)?.status == 0 else { return nil }
      let spent = program.processorTime - before
      return spent > 0 ? Double(bytes) * 8 / 1e9 / spent : nil
    }
  }
}
