/// What was observed of the computer itself, apart from its devices. Absent is unknown, not zero.
package struct ComputerMeasurement: Measurement, Equatable {
  package static var check: Check { .computer }
  /// Cores that this program may use.
  package var cores: Int?
  /// Programs that run or wait for a core, for each core, as a mean of the last minute.
  package var load: Share?
  /// The share of the last ten seconds in which some program waited for a core, or for memory.
  package var processorPressure: Share?
  package var memoryPressure: Share?
  package var memory: ByteCount?
  package var memoryAvailable: ByteCount?
  /// The highest clock rate that is allowed now, as a share of what the processor can do.
  package var clockAllowed: Share?
  /// Whether the processor slowed down for heat while we looked.
  package var isThrottled: Bool?
  /// Whether the person or the battery asked for low power.
  package var savesPower: Bool?
  package var isOnBattery: Bool?
  package var charge: Share?

  package init() {}

  package func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) {
    let rows = rows(by: policy)
    var findings: [Finding] = []
    for (row, kind) in rows where row.level == .limited || row.level == .blocking {
      if findings.contains(where: { $0.kind.code.equals(kind.code.bytes) }) { continue }
      findings.append(Finding(kind, measured: row.measured, limit: row.limit?.warn))
    }
    if isThrottled == true { findings.append(Finding(.computerHot)) }
    if savesPower == true { findings.append(Finding(.computerSavesPower)) }
    if isOnBattery == true, let charge, charge < .percent(20) {
      findings.append(Finding(.computerBatteryLow, measured: .share(charge), limit: .share(.percent(20))))
    }
    return (rows.map { $0.0 }, findings)
  }

  private func rows(by policy: Policy) -> [(Assessment, FindingKind)] {
    var rows: [(Assessment, FindingKind)] = []
    func add(_ metric: Metric, _ value: Quantity?, _ kind: FindingKind) {
      if let value { rows.append((Assessment(metric, value, by: policy), kind)) }
    }
    add(.computerCores, cores.map { .count(Int64($0)) }, .computerFewCores)
    add(.computerLoad, load.map { .share($0) }, .computerBusy)
    add(.computerProcessorPressure, processorPressure.map { .share($0) }, .computerBusy)
    add(.computerMemoryAvailable, memoryAvailable.map { .size($0) }, .computerLittleMemory)
    add(.computerMemoryPressure, memoryPressure.map { .share($0) }, .computerLittleMemory)
    add(.computerClock, clockAllowed.map { .share($0) }, .computerSlowed)
    return rows
  }
}

extension ComputerMeasurement {
  package init(json: JSONValue) throws(JSONError) {
    self.init()
    cores = try json.integer("cores_count", in: 1...100_000).map { Int($0) }
    load = try Self.share("load_ppm", json)
    processorPressure = try Self.share("processor_pressure_ppm", json)
    memoryPressure = try Self.share("memory_pressure_ppm", json)
    memory = try json.integer("memory_bytes", in: 0...Int64.max).map { ByteCount(base: $0) }
    memoryAvailable = try json.integer("memory_available_bytes", in: 0...Int64.max).map {
      ByteCount(base: $0)
    }
    clockAllowed = try Self.share("clock_allowed_ppm", json)
    isThrottled = json.bool("throttled")
    savesPower = json.bool("saves_power")
    isOnBattery = json.bool("on_battery")
    charge = try Self.share("charge_ppm", json)
  }

  private static func share(_ key: StaticString, _ json: JSONValue) throws(JSONError) -> Share? {
    try json.integer(key, in: 0...1_000_000_000_000).map { Share(base: $0) }
  }

  package func write(to json: inout JSONWriter) {
    if let cores { json.member("cores", .count(Int64(cores))) }
    if let load { json.member("load", .share(load)) }
    if let processorPressure { json.member("processor_pressure", .share(processorPressure)) }
    if let memoryPressure { json.member("memory_pressure", .share(memoryPressure)) }
    if let memory { json.member("memory", .size(memory)) }
    if let memoryAvailable { json.member("memory_available", .size(memoryAvailable)) }
    if let clockAllowed { json.member("clock_allowed", .share(clockAllowed)) }
    if let isThrottled { json.member("throttled", isThrottled) }
    if let savesPower { json.member("saves_power", savesPower) }
    if let isOnBattery { json.member("on_battery", isOnBattery) }
    if let charge { json.member("charge", .share(charge)) }
  }
}
