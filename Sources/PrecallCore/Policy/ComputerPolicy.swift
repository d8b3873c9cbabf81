/// The figures of the computer itself, and the limits that hold where a clinic sets none.
extension Metric {
  package static var computer: [Metric] {
    [
      computerCores, computerLoad, computerProcessorPressure, computerMemoryAvailable, computerMemoryPressure,
      computerClock,
    ]
  }

  package static let computerCores = Metric(
    "computer.cores", .computer, title: "Processor cores", in: .count, worse: .lower,
    definition: "Cores that this program may use")
  package static let computerLoad = Metric(
    "computer.load", .computer, title: "Load for each core", in: .partsPerMillion, worse: .higher,
    definition: "Load average of the last minute before the check, divided by the cores")
  package static let computerProcessorPressure = Metric(
    "computer.processor-pressure", .computer, title: "Waiting for a core", in: .partsPerMillion,
    worse: .higher, definition: "Share of the last 10 s before the check in which some program waited (PSI)"
  )
  package static let computerMemoryAvailable = Metric(
    "computer.memory-available", .computer, title: "Free memory", in: .bytes, worse: .lower,
    definition: "MemAvailable of the kernel")
  package static let computerMemoryPressure = Metric(
    "computer.memory-pressure", .computer, title: "Waiting for memory", in: .partsPerMillion,
    worse: .higher, definition: "Share of the last 10 s before the check in which some program waited (PSI)"
  )
  package static let computerClock = Metric(
    "computer.clock", .computer, title: "Processor speed allowed", in: .partsPerMillion, worse: .lower,
    definition: "Highest clock rate allowed now, as a share of the highest possible, of the fastest core")
}

extension Limit {
  package static var computer: [Limit] {
    [
      Limit(
        .computerCores, warn: .count(2),
        source: "Microsoft Teams asks for 2 cores for calls with video"),
      Limit(
        .computerLoad, warn: .share(.percent(150)),
        source: "Precall: from here on programs wait a third of the time"),
      Limit(
        .computerProcessorPressure, warn: .share(.percent(60)),
        source: "Precall: most of the time some program waits for a core"),
      Limit(
        .computerMemoryAvailable, warn: .size(.megabytes(500)),
        source: "Precall: what a browser needs for a call with video"),
      Limit(
        .computerMemoryPressure, warn: .share(.percent(10)),
        source: "Precall: for a tenth of the time some program stands still"),
      Limit(
        .computerClock, warn: .share(.percent(60)),
        source: "Precall: well under what the processor was bought for"),
    ]
  }
}
