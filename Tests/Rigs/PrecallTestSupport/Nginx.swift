import Foundation
import Glibc

/// A real nginx on loopback, unpacked from Debian by `make .build/nginx`.
package enum Nginx {
  private static let program = Fixtures.root.appending(path: ".build/nginx/usr/sbin/nginx").path()

  /// Configures one server in the foreground that keeps all that it writes in `folder`, and gives the command that
  /// runs it. `settings` are that server's own, `more` those of HTTP.
  package static func command(
    in folder: String, port: UInt16, isTLS: Bool = false, _ settings: String, more: String = ""
  ) throws -> [String] {
    let configuration = """
      daemon off; master_process off; pid \(folder)/pid; error_log \(folder)/errors;
      events {}
      http {
        access_log off; \(more)
        client_body_temp_path \(folder); proxy_temp_path \(folder); fastcgi_temp_path \(folder);
        uwsgi_temp_path \(folder); scgi_temp_path \(folder);
        server { listen 127.0.0.1:\(port)\(isTLS ? " ssl" : ""); \(settings) }
      }
      """
    try configuration.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
    return [program, "-c", folder + "/nginx.conf", "-p", folder, "-e", folder + "/errors"]
  }

  /// Runs one with `settings` for `body`, which gets its port.
  package static func with<Result>(
    _ settings: String, _ body: (UInt16) async throws -> Result
  ) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      let port = try LoopbackPort.free()
      let command = try command(in: folder, port: port, settings)
      let process: pid_t
      do {
        process = try ChildProcess.spawn(command, environment: [:], output: folder + "/output")
      } catch {
        throw RigError("I tried to run nginx; unpack it with `make .build/nginx`. (\(error))")
      }
      defer { ChildProcess.end(process) }
      try await ready(port, folder)
      return try await body(port)
    }
  }

  private static func ready(_ port: UInt16, _ folder: String) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if LoopbackPort.isServed(port) { return }
      try await Task.sleep(for: .milliseconds(30))
    }
    let said = (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? ""
    throw RigError("nginx did not start: \(said)")
  }
}
