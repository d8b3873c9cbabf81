import FoundationEssentials
import Testing

/// The processes that a run of the command starts, told by a mark in their environment.
struct LeftBehind {
  private let mark = UUID().uuidString

  var environment: [String: String] { ["PRECALL_MARK": mark] }

  /// Waits until no process has the mark, twenty seconds at most.
  func expectNone(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if processes.isEmpty { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("left behind: \(processes)", sourceLocation: sourceLocation)
  }

  private var processes: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { name in
      guard Int(name) != nil else { return false }
      let environment = FileManager.default.contents(atPath: "/proc/\(name)/environ") ?? Data()
      return String(decoding: environment, as: UTF8.self).contains(mark)
    }
  }
}
