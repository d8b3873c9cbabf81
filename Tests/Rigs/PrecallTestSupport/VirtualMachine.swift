import Foundation
import PrecallCore

/// Debian's own kernel under qemu, with the kernel's virtual drivers and the built `precall-test` inside.
package enum VirtualMachine {
  /// The folder of the kernel, or why there is none; the first use downloads it.
  package static let kernel: Swift.Result<String, RigError> = {
    do {
      let folder = Fixtures.root.appending(path: ".build/camera-vm").path()
      let (status, words) = try run("prepare", [folder])
      let line = String(words.split(separator: "\n").last ?? "")
      return status == 0
        ? .success(line) : .failure(RigError(line.isEmpty ? "prepare ended with \(status)" : line))
    } catch {
      return .failure(RigError("\(error)"))
    }
  }()

  package static var isPossible: Bool { (try? kernel.get()) != nil }
  package static var whyNot: String {
    if case .failure(let error) = kernel { "\(error)" } else { "" }
  }

  package struct Outcome: Sendable {
    /// What the guest handed over, by case: a report, or what was said instead.
    package var reports: [String: String]
    package var console: String
    package var took: Duration
  }

  /// Boots, runs the guest's `scripts` and returns when the machine has switched itself off.
  package static func boot(_ scripts: [String]) async throws -> Outcome {
    let kernel = try kernel.get()
    return try await Fixtures.withTemporaryFolder { folder in
      let start = ContinuousClock.now
      let arguments = [kernel, folder, Fixtures.built.path()] + scripts
      let (status, words) = try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "virtual machine").async {
          continuation.resume(with: Swift.Result { try run("boot", arguments) })
        }
      }
      let took = ContinuousClock.now - start
      let console = (try? String(contentsOfFile: folder + "/console", encoding: .utf8)) ?? ""
      guard status == 0 else { throw RigError("boot ended with \(status): \(words)\n\(console)") }
      let lines = try String(contentsOfFile: folder + "/reports", encoding: .utf8).split(separator: "\n")
      let pairs = lines.map { $0.split(separator: "\t", maxSplits: 1).map(String.init) }
      let reports = Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
      return Outcome(reports: reports, console: console, took: took)
    }
  }

  /// Runs a script of the rig and waits; its status and what it said.
  private static func run(_ script: String, _ arguments: [String]) throws -> (status: CInt, words: String) {
    let output = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString)").path()
    defer { try? FileManager.default.removeItem(atPath: output) }
    let path = Fixtures.root.appending(path: "Tests/Rigs/camera-vm/\(script)").path()
    let child = try ChildProcess.spawn(
      [path] + arguments, environment: ProcessInfo.processInfo.environment, output: output)
    let status = ChildProcess.wait(for: child)
    return (status, (try? String(contentsOfFile: output, encoding: .utf8)) ?? "")
  }
}
