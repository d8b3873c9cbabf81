import PrecallCore

/// The one thing to do about a finding, with the names and numbers that this computer gave.
enum Remedy {
  static func text(of finding: Finding, in report: Report) -> String {
    let words = Wording.text(finding.kind.remedy.bytes)
    switch finding.kind {
    case .cameraNoPermission where !finding.subject.isEmpty:
      return words.replacing("GROUP", with: Wording.text(finding.subject))
    case .microphoneTooQuiet: return words + gain(of: finding, in: report)
    default: return words
    }
  }

  /// What calls aim at, in dBFS: RFC 7874, section 4.
  private static let aim = -22.0

  /// How much is missing, and the volume that brings it: PulseAudio's is the cube of the amplitude, so that 60 dB
  /// are a factor of ten.
  private static func gain(of finding: Finding, in report: Report) -> String {
    guard let level = finding.measured, level.unit == .millidecibels else { return "" }
    let missing = aim - Decibels(base: level.base).inDecibels
    let sentence = " \(Wording.decimal(missing, 0)) dB are missing"
    guard let volume = volume(in: report), volume > 0, volume < 1 else { return sentence + "." }
    let needed = volume * Mathematics.pow(10, missing / 60)
    return needed > 1
      ? sentence + ", more than its full volume brings."
      : sentence + ", as a volume of \(Wording.decimal(needed * 100, 0)) % brings."
  }

  private static func volume(in report: Report) -> Double? {
    let rows = report.results.flatMap(\.assessments)
    return rows.first { $0.metric == .microphoneVolume }.map { Share(base: $0.measured.base).fraction }
  }
}
