import CTun
import Glibc

/// One run: the link between two namespaces, a server at one end and the client's command at the other.
struct Lab {
  struct Plan {
    var link: Link
    var seed: UInt64
    var server: String?
    var waitPort: UInt16?
    var waitsForLine: Bool
    /// What lies between the link and the client, from the link on.
    var networks: [Namespaces.Network]
    var client: [String]
  }

  private let plan: Plan
  private let namespaces: Namespaces
  private let signals: Int32
  private let up: Forwarder
  private let down: Forwarder
  private var stop: Int32
  private var server: ServerProcess?

  /// Makes the namespaces and starts the link; the process must have one thread until here.
  init(_ plan: Plan) throws(Complaint) {
    self.plan = plan
    signals = precall_tun_signals()
    _ = precall_tun_adopt()
    namespaces = try Namespaces(behind: plan.networks)
    var ends: [Int32] = [0, 0]
    guard precall_tun_pipe(&ends) == 0 else { throw .system("to make a pipe") }
    stop = ends[1]
    let link = plan.link
    up = Forwarder(
      from: namespaces.client.device, to: namespaces.server.device, stop: ends[0], link: link.up,
      line: Line(link.up, isUp: true, seed: plan.seed))
    down = Forwarder(
      from: namespaces.server.device, to: namespaces.client.device, stop: ends[0], link: link.down,
      line: Line(link.down, isUp: false, seed: plan.seed))
  }

  /// Runs server and client to the client's end; gives the client's exit status and the truth.
  mutating func run() throws(Complaint) -> (status: Int32, truth: Truth) {
    defer { Process.endOrphans() }
    server = try plan.server.map { command throws(Complaint) in
      try ServerProcess(command, in: namespaces.server.namespace)
    }
    defer { server?.end() }
    try waitForServer()
    let origin = Forwarder.clock()
    up.start(at: origin)
    down.start(at: origin)
    let status = runClient()
    server?.end()
    close(stop)
    up.join()
    down.join()
    let truth = Truth(
      link: plan.link, seed: plan.seed, up: up.log, down: down.log,
      droppedBefore: namespaces.droppedBeforeTheLink())
    return (status, truth)
  }

  private mutating func waitForServer() throws(Complaint) {
    if plan.waitsForLine { try server?.waitForLine(until: Forwarder.clock() + 20_000_000_000) }
    guard let port = plan.waitPort else { return }
    let deadline = Forwarder.clock() + 20_000_000_000
    while !namespaces.isListening(port) {
      guard Forwarder.clock() < deadline else {
        throw .failed("I waited 20 s for the server to listen on port \(port), but it does not.")
      }
      usleep(10_000)
    }
  }

  private mutating func runClient() -> Int32 {
    var environment = Process.environment + ["LINK_SERVER_ADDRESS=10.98.0.1", "LINK_SERVER_ADDRESS6=fd98::1"]
    if let line = server?.line { environment.append("LINK_SERVER_LINE=\(line)") }
    let client = Process.start(
      plan.client, environment: environment, in: namespaces.programs, output: -1)
    guard client > 0 else { return 127 }
    if isatty(STDIN_FILENO) == 1 { tcsetpgrp(STDIN_FILENO, client) }
    defer {
      Process.end(group: client, patience: 1)
      if isatty(STDIN_FILENO) == 1 {
        signal(SIGTTOU, SIG_IGN)
        tcsetpgrp(STDIN_FILENO, getpgrp())
      }
    }
    return follow(client)
  }

  /// Passes signals on and the server's words through, until the client has ended.
  private mutating func follow(_ client: pid_t) -> Int32 {
    var status: Int32 = 0
    var deadline = Int64.max
    while waitpid(client, &status, WNOHANG) == 0 {
      var waits = [
        pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        pollfd(fd: server?.output ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      poll(&waits, 2, 1_000)
      if waits[1].revents != 0 { server?.passOn() }
      let number = precall_tun_next_signal(signals)
      if number > 0, number != SIGCHLD {
        kill(-client, number)
        deadline = min(deadline, Forwarder.clock() + 3_000_000_000)
      }
      if Forwarder.clock() > deadline { kill(-client, SIGKILL) }
    }
    return precall_tun_status(status)
  }
}
