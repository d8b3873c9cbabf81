import Foundation
import Glibc
import Synchronization

/// A headless Chromium for one test, driven by the DevTools protocol over its pipe: no port, no driver. It ends
/// when the pipe does, so also when the test's process is killed.
package final class Chromium: Sendable {
  /// The program itself, not the wrapper in /usr/bin, which adds extensions and settings.
  private static let program = "/usr/lib/chromium/chromium"
  private static let arguments = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe",
    "--mute-audio",
  ]
  /// Nothing but this computer is found, whatever a page or the browser itself asks for.
  private static let rules = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"

  private let process: Process
  private let profile: String
  private let wire: DevToolsWire

  /// Runs `body` with a browser, and ends it whatever happens. At most two run at a time.
  package static func with<Result>(
    _ more: [String] = Devices.fake, hosts: String = "", trusting authority: CertificateAuthority? = nil,
    _ body: (Chromium) async throws -> Result
  ) async throws -> Result {
    try await BrowserTurns.run {
      let browser = try Chromium(more, hosts: hosts, trusting: authority)
      do {
        let result = try await body(browser)
        await browser.end()
        return result
      } catch {
        await browser.end()
        throw error
      }
    }
  }

  private init(_ more: [String], hosts: String, trusting authority: CertificateAuthority?) throws {
    guard access(Self.program, X_OK) == 0 else {
      throw RigError(
        "I tried to run Chromium (\(Self.program)), but it is not installed; install it with "
          + "`apt-get install --no-install-recommends chromium fonts-dejavu-core`.")
    }
    var template = Array("/tmp/precall-chromium.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw RigError("no temporary folder for Chromium") }
    profile = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let input = Pipe()
    let output = Pipe()
    process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    // Chromium talks on descriptors 3 and 4, which Process can't give.
    let script = "exec 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null; exec \"$@\""
    process.arguments =
      ["-c", script, "chromium", Self.program] + Self.arguments + more + [
        "--host-resolver-rules=\(hosts)\(Self.rules)", "--user-data-dir=\(profile)", "about:blank",
      ]
    // Its home too, where it looks for authorities to trust.
    process.environment = ProcessInfo.processInfo.environment.merging(["HOME": profile]) { $1 }
    try authority?.isTrusted(inHome: profile)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    wire = DevToolsWire(to: input.fileHandleForWriting, from: output.fileHandleForReading)
  }

  private func end() async {
    _ = try? await wire.send("Browser.close", [:], session: nil, within: .seconds(5))
    let deadline = ContinuousClock.now + .seconds(5)
    while process.isRunning, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    wire.close()
    // The last of its processes may still write for a moment.
    for _ in 0..<50 {
      try? FileManager.default.removeItem(atPath: profile)
      if access(profile, F_OK) != 0 { return }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Stops every process of the browser while `body` runs, as a computer that sleeps does.
  package func whileAsleep<Result>(_ body: () async throws -> Result) async throws -> Result {
    let all = try ChildProcess.tree(of: process.processIdentifier)
    for one in all { kill(one, SIGSTOP) }
    defer { for one in all { kill(one, SIGCONT) } }
    return try await body()
  }

  /// Opens a page at `address` in a window of that many CSS pixels; `script` runs before the page's own.
  package func page(
    _ address: String, width: Int = 1_366, height: Int = 768, before script: String? = nil,
    blocked: [String] = []
  ) async throws -> ChromiumPage {
    let target = try await wire.send("Target.createTarget", ["url": "about:blank"], session: nil)
    let attached = try await wire.send(
      "Target.attachToTarget", ["targetId": try target.string("targetId"), "flatten": true], session: nil)
    let page = ChromiumPage(wire: wire, session: try attached.string("sessionId"))
    try await page.command("Page.enable")
    try await page.resize(width: width, height: height)
    if let script { try await page.command("Page.addScriptToEvaluateOnNewDocument", ["source": script]) }
    if !blocked.isEmpty {
      try await page.command("Network.enable")
      try await page.command("Network.setBlockedURLs", ["urls": blocked])
    }
    try await page.open(address)
    return page
  }

  /// Sets a permission (`microphone`, `camera`) for a page's origin.
  package func setPermission(_ name: String, _ setting: String, at origin: String) async throws {
    let permission =
      ["permission": ["name": name], "setting": setting, "origin": origin] as [String: any Sendable]
    _ = try await wire.send("Browser.setPermission", permission, session: nil)
  }

  /// What the browser has for devices.
  package enum Devices {
    private static let granted = "--use-fake-ui-for-media-stream"
    /// A beep each second, and a moving picture at 30 a second.
    package static let fake = [granted, "--use-fake-device-for-media-stream=fps=30"]
    /// The same, with every question answered as `setPermission` says.
    package static let asking = ["--use-fake-device-for-media-stream=fps=30"]
    /// None at all.
    package static let none = [granted]

    /// A microphone that plays a WAV file and a camera that plays a y4m file, over and over.
    package static func playing(sound: String? = nil, picture: String? = nil) -> [String] {
      fake + (sound.map { ["--use-file-for-fake-audio-capture=\($0)"] } ?? [])
        + (picture.map { ["--use-file-for-fake-video-capture=\($0)"] } ?? [])
    }
  }
}
