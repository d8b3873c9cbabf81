import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// A computer of its own for one test: a network namespace with loopback only, and its own files for looking
/// names up. The real programs run on it.
struct IsolatedComputer {
  /// Lines of /etc/hosts; nothing has names looked up by `resolvers`.
  var hosts: [String] = []
  /// What `dns.py` does, by the address that it listens on, in the order of /etc/resolv.conf.
  var resolvers: [(address: String, behaviour: String)] = []
  /// Shell commands that set up its network, after loopback is up.
  var setUp = ""
  /// Where the server listens.
  var serverHost = "127.0.0.1"
  var serverOptions = "--port 8080"
  /// What is checked.
  var address = "http://\(Self.name):8080"
  /// Shell commands after the check.
  var afterwards = ""
  /// What `portal.py` does.
  var portals: [String] = []

  static let name = "visit.example"
  private static let unshare = getuid() == 0 ? "unshare -n -m" : "unshare -r -n -m"
  private static func script(_ name: String) -> String {
    Fixtures.root.appending(path: "Tests/LinkLabTests/\(name)").path()
  }

  /// Why there can be none; nothing where there can.
  static let obstacle: String? = {
    let probe = "\(unshare) sh -c 'mount --make-rprivate / && ip link set lo up' 2>&1"
    guard let pipe = popen(probe, "r") else { return "skipped: no shell" }
    return pclose(pipe) == 0 ? nil : "skipped: this machine permits no network and mount namespace"
  }()

  struct Outcome {
    var report: JSONValue
    /// Of the whole check, as a person waits for it.
    var seconds: Double
    /// What all programs said beside it.
    var said: String

    var codes: Set<String> {
      Set((report.array("findings") ?? []).map { String(decoding: $0.string("code") ?? [], as: UTF8.self) })
    }
    func metric(_ id: StaticString) -> JSONValue? {
      report["checks"]?["network"]?["metrics"]?[id]
    }
  }

  /// Checks the network against the real server by its name.
  func check() async throws -> Outcome {
    try await Fixtures.withTemporaryFolder { folder in
      try write(to: folder)
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "timeout -k 1 60 \(Self.unshare) sh '\(folder)/run' >'\(folder)/said' 2>&1"]
      process.standardInput = FileHandle.nullDevice
      try process.run()
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "isolated").async {
          process.waitUntilExit()
          continuation.resume()
        }
      }
      let said = (try? String(contentsOfFile: folder + "/said", encoding: .utf8)) ?? ""
      let report = try #require(FileManager.default.contents(atPath: folder + "/report"), "\(said)")
      let times = try #require(try? String(contentsOfFile: folder + "/times", encoding: .utf8), "\(said)")
      let moments = times.split(separator: "\n").compactMap { Double($0) }
      return Outcome(
        report: try JSONReader.read(Array(report)), seconds: try #require(moments.last) - moments[0],
        said: said)
    }
  }

  private func write(to folder: String) throws {
    let sources = hosts.isEmpty ? "dns" : "files"
    let names = resolvers.map { "nameserver \($0.address)" }.joined(separator: "\n")
    for (name, text) in [
      ("hosts", hosts.joined(separator: "\n") + "\n"), ("resolv.conf", names + "\n"),
      ("nsswitch.conf", "hosts: \(sources)\n"), ("run", commands(folder)),
    ] { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
  }

  private func commands(_ folder: String) -> String {
    let names = resolvers.map { ("dns.py", "\($0.address) \($0.behaviour)") }
    let helpers = names + portals.map { ("portal.py", $0) }
    let servers = helpers.enumerated().map { number, helper in
      "python3 '\(Self.script(helper.0))' \(helper.1) >'\(folder)/\(number)' &\n"
        + "pids=\"$pids $!\"\nwait_for '\(folder)/\(number)'\n"
    }
    return """
      set -e
      mount --make-rprivate /
      for file in hosts resolv.conf nsswitch.conf; do mount --bind '\(folder)'/$file /etc/$file; done
      ip link set lo up
      wait_for() { for turn in $(seq 100); do [ -s "$1" ] && return; sleep 0.05; done; exit 9; }
      trap 'kill -9 $pids 2>/dev/null' EXIT
      \(servers.joined())
      '\(Fixtures.program("precall-server"))' --host \(serverHost) \(serverOptions) \
        >'\(folder)/server' </dev/null &
      pids="$pids $!"
      wait_for '\(folder)/server'
      \(setUp)
      date +%s.%N >'\(folder)/times'
      env -i PATH=/usr/bin:/bin HOME=/dev/null LANG=C.UTF-8 '\(Fixtures.program("precall-test"))' \
        \(address) --only network --format json -o '\(folder)/report' || [ $? -le 4 ]
      date +%s.%N >>'\(folder)/times'
      \(afterwards)
      """
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips, and says why, where no computer can be set apart.
  static var needsIsolation: Self {
    .disabled(if: IsolatedComputer.obstacle != nil, "\(IsolatedComputer.obstacle ?? "")")
  }
}
