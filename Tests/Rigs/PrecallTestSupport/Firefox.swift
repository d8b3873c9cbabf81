import Foundation
import Glibc

/// A headless Firefox for one test, driven by WebDriver BiDi. It ends when this process does.
package struct Firefox: Sendable {
  private static let program = "/usr/lib/firefox-esr/firefox-esr"
  /// The shell lives as long as the pipe to this process, and ends the browser with it.
  private static let script =
    "\"$@\" </dev/null >/dev/null 2>&1 & browser=$!; cat >/dev/null; kill -9 $browser"

  private let wire: BiDiWire

  /// Runs `body` with a browser whose sound goes to `sound`, and ends it whatever happens.
  package static func with<Result>(
    _ devices: Devices = .fake, sound: PrivatePulseAudio? = nil,
    trusting authority: CertificateAuthority? = nil,
    _ body: (Firefox) async throws -> Result
  ) async throws -> Result {
    guard access(program, X_OK) == 0 else {
      throw RigError(
        "I tried to run Firefox (\(program)), but it is not installed; install it with "
          + "`apt-get install --no-install-recommends firefox-esr`.")
    }
    return try await BrowserTurns.run {
      try await Fixtures.withTemporaryFolder { profile in
        try devices.settings.write(toFile: profile + "/user.js", atomically: true, encoding: .utf8)
        try authority?.isTrusted(in: profile)
        let (process, life) = try start(profile, sound)
        defer {
          try? life.fileHandleForWriting.close()
          process.waitUntilExit()
        }
        let wire = try await BiDiWire(port: try await port(profile))
        try await wire.send("session.new", ["capabilities": [String: String]()])
        return try await body(Firefox(wire: wire))
      }
    }
  }

  private static func start(_ profile: String, _ sound: PrivatePulseAudio?) throws -> (Process, Pipe) {
    let process = Process()
    let life = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", script, "firefox", program, "--headless", "--no-remote", "--profile", profile,
      "--remote-debugging-port", "0",
    ]
    var environment = PrivatePulseAudio.environment(in: profile).merging(sound?.environment ?? [:]) { $1 }
    if sound == nil { environment["PULSE_SERVER"] = "unix:/dev/null/none" }
    process.environment = environment
    process.standardInput = life
    try process.run()
    return (process, life)
  }

  /// Where it listens, which it says in a file of its profile.
  private static func port(_ profile: String) async throws -> Int {
    struct Server: Decodable { var ws_port: Int }
    let file = URL(filePath: profile).appending(path: "WebDriverBiDiServer.json")
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      if let data = try? Data(contentsOf: file),
        let server = try? JSONDecoder().decode(Server.self, from: data)
      {
        return server.ws_port
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw RigError("Firefox did not start within 60 s")
  }

  /// Opens a page at `address`, in a window of its own; `script` runs before the page's own.
  package func page(
    _ address: String, width: Int = 1_366, height: Int = 768, before script: String? = nil
  ) async throws -> FirefoxPage {
    let context = try await wire.send("browsingContext.create", ["type": "tab"]).string("context")
    let page = FirefoxPage(wire: wire, context: context)
    try await page.resize(width: width, height: height)
    if let script {
      try await wire.send(
        "script.addPreloadScript", ["functionDeclaration": "() => { \(script) }", "contexts": [context]])
    }
    try await page.open(address)
    return page
  }
}

extension Firefox {
  /// What the browser has for devices, and what it answers a page that asks for them.
  package enum Devices: Sendable {
    /// A steady tone and a moving picture, for every page.
    case fake
    /// A person has said no before.
    case denied
    /// None at all.
    case none

    var settings: String {
      let own = [
        "media.navigator.streams.fake": self == .none ? "false" : "true",
        "media.navigator.permission.disabled": self == .denied ? "false" : "true",
        "permissions.default.camera": self == .denied ? "2" : "0",
        "permissions.default.microphone": self == .denied ? "2" : "0",
      ]
      return own.merging(Self.common) { $1 }.map { "user_pref(\"\($0)\", \($1));\n" }.sorted().joined()
    }

    /// The relay on this computer may be used, and nothing outside it is asked for anything.
    private static let common = [
      "media.peerconnection.ice.loopback": "true", "media.autoplay.block-webaudio": "false",
      "network.proxy.type": "1", "network.proxy.http": "\"127.0.0.1\"", "network.proxy.http_port": "9",
      "network.proxy.ssl": "\"127.0.0.1\"", "network.proxy.ssl_port": "9",
      "network.proxy.no_proxies_on": "\"127.0.0.1, localhost\"",
      "network.proxy.allow_hijacking_localhost": "false", "app.update.enabled": "false",
      "datareporting.policy.dataSubmissionEnabled": "false", "toolkit.telemetry.enabled": "false",
      "browser.shell.checkDefaultBrowser": "false", "browser.startup.page": "0",
    ]
  }
}
