import FoundationEssentials
import Glibc
import PrecallTestSupport
import Testing

/// What is left of a run: nothing, whichever way it ended.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(2))) struct TeardownTests {
  private func isGone(_ process: Int32) async throws -> Bool {
    for _ in 0..<200 {
      if kill(process, 0) != 0 { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  @Test func `the client's status is passed on, and a background process of the server does not stay`()
    async throws
  {
    try await Fixtures.withTemporaryFolder { folder in
      let server = "sh -c 'setsid sleep 300 & echo $! > \(folder)/pid'; echo ready; sleep 300"
      let outcome = try await LinkLab("perfect", server: server)
        .run([
          "sh", "-c", "test \"$LINK_SERVER_LINE\" = ready && ping -c 1 -q $LINK_SERVER_ADDRESS && exit 7",
        ])
      #expect(outcome.client.code == 7)
      let text = try String(contentsOfFile: folder + "/pid", encoding: .utf8)
      #expect(try await isGone(#require(Int32(text.split(separator: "\n")[0]))))
    }
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
  func `a signal ends everything`(_ signal: Int32) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let script = "echo $PPID $$ > \(folder)/tmp; mv \(folder)/tmp \(folder)/pids; exec sleep 300"
      async let run = try? LinkLab("perfect", server: "echo ready; exec sleep 301").run(["sh", "-c", script])
      var pids: [Int32] = []
      for _ in 0..<500 where pids.isEmpty {
        let text = (try? String(contentsOfFile: folder + "/pids", encoding: .utf8)) ?? ""
        pids = text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        try await Task.sleep(for: .milliseconds(20))
      }
      try #require(pids.count == 2)
      let device = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pids[1])/ns/net")
      kill(pids[0], signal)
      _ = await run
      for process in pids { #expect(try await isGone(process)) }
      #expect(try await isUnused(device))
    }
  }

  /// No process is left in a network namespace: the kernel then removes it with its devices.
  private func isUnused(_ namespace: String) async throws -> Bool {
    for _ in 0..<200 {
      let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
      let users = processes.filter {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/ns/net")) == namespace
      }
      if users.isEmpty { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  @Test func `a command or link that does not exist is said so`() async throws {
    #expect(try await LinkLab("perfect").run(["/nonexistent"]).client.code == 127)
    let unknown = try await LinkLab("no-such-link").run(["true"]).client
    #expect(unknown.code == 70)
    #expect(unknown.error.contains("link-lab --list names those there are"))
  }
}
