import PrecallCore
import PrecallNetwork

import PrecallProbes

/// What a check will do, settled before anything is contacted or opened.
struct CheckPlan: Sendable {
  var checks: [Check]
  /// The server that was named; nothing where a local one is to be started, or none was named.
  var server: ServerAddress?
  var isLocal: Bool
  /// Whether the line is filled to find out what it carries.
  var isFull: Bool
  var policy: Policy
  var deadline: Double
  var source: String?
  var sink: String?
  /// Whether to play a short sound on the speaker.
  var playsTone: Bool
  var camera: String?
  /// The file to keep one picture in, where the person asked for it.
  var snapshot: String?
  var authorityFile: String?
  /// Whether somebody is there who can be asked to say a sentence.
  var isGuided: Bool

  init(_ settings: Settings, isQuiet: Bool, asksToSpeak: Bool, playsTone: Bool, snapshot: String?) throws {
    checks = (settings.only ?? Check.allCases).sorted()
    guard snapshot == nil || checks.contains(.camera) else {
      throw Complaint(
        status: .usage,
        sentence: "I tried to keep a picture of the camera, but the checks asked for leave the camera out; "
          + "name it in --only.")
    }
    isLocal = settings.local ?? false
    isFull = settings.full ?? false
    deadline = settings.deadline ?? (isFull ? 60 : 30)
    source = settings.source
    sink = settings.sink
    self.playsTone = playsTone
    camera = settings.camera
    self.snapshot = snapshot
    authorityFile = try settings.authorityFile.map(AuthorityFile.checked)
    isGuided = asksToSpeak && !isQuiet && Terminal.standardError.isInteractive && Terminal.hasListener
    policy = try settings.policyFile.map { try Policy(file: $0) } ?? .standard
    if let server = settings.server, !isLocal { self.server = try Self.address(server) }
  }

  /// The first words on the screen: what will be contacted and opened, and how long it takes.
  var announcement: String {
    let whom =
      if !checks.contains(.network) { "" } else if isLocal { " with a server on this computer" } else {
        server.map { " with \($0.host)" } ?? ""
      }
    let names = tested.filter { $0 != .computer }.map { Wording.text($0.name.bytes) }.joined(separator: ", ")
    let what = names.isEmpty ? "" : ": \(names)"
    let missing =
      tested == checks ? "" : "; no server was named, so the network is not tested"
    let most = "at most \(Wording.decimal(deadline, 0)) s"
    let time = Double(seconds) < deadline ? "about \(seconds) s, \(most)" : most
    return "Checking this computer for a video visit\(whom)\(what) (\(time))\(missing)"
  }

  /// The checks that can be done: none of the network without a server.
  private var tested: [Check] { checks.filter { $0 != .network || isLocal || server != nil } }

  /// How long it takes where nothing is wrong.
  private var seconds: Int {
    if tested.contains(.network) { return isFull ? 28 : 8 }
    if tested.contains(.microphone) { return isGuided ? 8 : 3 }
    return tested.contains(.camera) ? 3 : 1
  }

  private static func address(_ text: String) throws -> ServerAddress {
    do { return try ServerAddress(text) } catch {
      throw Complaint(status: .usage, sentence: "\(error)")
    }
  }
}

extension Policy {
  init(file path: String) throws {
    let text = try Files.read(path, upTo: 1_000_000)
    do { self = try Policy(json: text) } catch {
      throw Complaint(
        status: .unusableFile,
        sentence: "I tried to read the policy \(path), but \(error.words(in: text)).")
    }
  }
}
