internal import Dispatch
package import PrecallCore
package import PrecallProbes

/// Looks at how busy and how fast this computer is; ends after one second.
package struct ComputerProbe: Probe {
  private let root: String

  /// `root` stands before /proc and /sys; tests put described computers there.
  package init(root: String = "") { self.root = root }

  package func measure(_ progress: @escaping @Sendable (Progress) -> Void) async -> ComputerMeasurement {
    // First of all: what the checks themselves cost is no finding.
    var measurement = await onThread { ComputerMeasurement($0) }
    guard let before = await onThread({ $0.throttleCount }) else { return measurement }
    progress(.step("looking at the processor"))
    try? await Task.sleep(for: .seconds(1))
    if let after = await onThread({ $0.throttleCount }) { measurement.isThrottled = after > before }
    return measurement
  }

  /// Some of the kernel's files ask the hardware, which takes its time.
  private func onThread<Value: Sendable>(_ body: @escaping @Sendable (KernelFiles) -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "precall.computer").async {
        continuation.resume(returning: body(KernelFiles(root: root)))
      }
    }
  }
}

extension ComputerMeasurement {
  fileprivate init(_ files: KernelFiles) {
    self.init()
    cores = files.usableCores
    if let online = files.onlineCores,
      let mean = files.text("/proc/loadavg")?.split(separator: " ").first.flatMap({ Double($0) })
    {
      load = .percent(mean / Double(online) * 100)
    }
    processorPressure = files.pressure("cpu")
    memoryPressure = files.pressure("memory")
    memory = files.memory("MemTotal:")
    memoryAvailable = files.memory("MemAvailable:")
    clockAllowed = files.clockAllowed
    savesPower = files.savesPower
    (isOnBattery, charge) = files.battery
  }
}
