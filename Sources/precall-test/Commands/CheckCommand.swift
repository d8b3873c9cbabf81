import ArgumentParser
import PrecallCore

/// `precall-test [check]`: runs the checks and prints the verdict.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Says whether this computer is ready for a video visit, why not, and what to do.",
    usage: """
      precall-test [check] [SERVER-OR-LINK] [OPTIONS]
      precall-test watch [SERVER-OR-LINK] [OPTIONS]
      precall-test devices | explain [CODE] | report show FILE
      """,
    discussion: """
      With no verb it runs the complete check: network, microphone, camera and the
      computer itself.
      Sound and pictures never leave this computer; nothing is uploaded.

      Other verbs: watch looks for trouble of the line that comes and goes; devices
      lists microphones, speakers and cameras; explain says what a finding's code
      means; report show prints a report that was kept.

      Exit status: 0 ready, 1 usable with limits, 2 not ready, 3 not measured,
      64 wrong usage, 65 unusable file, 66 no such file, 69 the local server could
      not start, 70 our fault, 73 or 74 the report could not be written,
      78 wrong configuration, 130 interrupted.

      Settings come from the flags, else from PRECALL_SERVER, PRECALL_ONLY,
      PRECALL_SOURCE, PRECALL_SINK, PRECALL_CAMERA, PRECALL_POLICY, PRECALL_CA_FILE,
      PRECALL_FORMAT and PRECALL_DEADLINE, else from ~/.config/precall/config.json,
      else from /etc/precall/config.json.
      """)

  @OptionGroup var options: CheckOptions

  func run() async throws {
    try await Complaint.reported {
      let settings = try Settings.resolved(flags: options.settings)
      let plan = try CheckPlan(
        settings, isQuiet: options.quiet, asksToSpeak: !options.noSpeech, playsTone: options.speaker,
        snapshot: options.snapshot)
      let delivery = try Delivery(
        format: settings.format ?? .human, output: options.output, samples: options.samples,
        isVerbose: options.verbose)
      let session = CheckSession(plan: plan, delivery: delivery, isQuiet: options.quiet)
      let (report, measurements) = try await session.run()
      try delivery.deliver(report, of: measurements)
      throw report.isComplete ? ExitStatus(report.verdict.outcome).asError : ExitStatus.interrupted.asError
    }
  }
}
