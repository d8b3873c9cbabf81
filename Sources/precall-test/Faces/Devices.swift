import PrecallCamera
import PrecallCore
import PrecallMicrophone

/// The devices of this computer as people recognise them.
struct Devices {
  /// One device: a line of the list.
  struct Row {
    /// What a check's option takes.
    var number: String
    var name: String
    var title: String
    /// How it is connected, as far as it is known.
    var bus: String
    /// What is to be known before it is chosen: "default", "muted", "in use by cheese (123)".
    var notes: [String] = []
    var isDefault = false
    var isMuted: Bool?
    var isInUse = false
    /// What stands behind a microphone or speaker, by its stable name.
    var kind: StaticString?
    /// What stands behind a camera, by its stable name.
    var driver: StaticString?
    /// The programs that have a camera open; nothing for sound.
    var holders: [String]?
    /// Why a camera can't be used.
    var failure: CameraFailure?
    /// What a camera can send; nothing for sound.
    var modes: [CameraMode]?
  }

  struct Group {
    var title: String
    /// The key in JSON and the first word of a plain line.
    var key: StaticString
    var rows: [Row]
    /// Why nothing could be listed.
    var failure: String?
  }

  let groups: [Group]
  let soundFailure: MicrophoneFailure?

  init(sound: SoundDevices, cameras: [CameraDescription]) {
    soundFailure = sound.failure
    let failure = sound.failure.map { Wording.text($0.kind.sentence.bytes) }
    groups = [
      Group(
        title: "Microphones", key: "microphones", rows: sound.microphones.map(Row.init), failure: failure),
      Group(title: "Speakers", key: "speakers", rows: sound.speakers.map(Row.init), failure: failure),
      Group(title: "Cameras", key: "cameras", rows: Self.rows(cameras), failure: nil),
    ]
  }

  /// A check looks through the first that works, where none is asked for.
  private static func rows(_ cameras: [CameraDescription]) -> [Row] {
    let first = cameras.first { $0.state == .camera }
    return cameras.map { Row($0, isDefault: $0.node.number == first?.node.number) }
  }
}

extension Devices.Row {
  init(_ device: SoundDevice) {
    self.init(
      number: "\(device.number)", name: device.name, title: device.description,
      bus: device.bus ?? Wording.text(device.kind.name.bytes))
    isDefault = device.isDefault
    isMuted = device.isMuted
    isInUse = device.isInUse
    kind = device.kind.name
    if isDefault { notes.append("default") }
    if device.isMuted { notes.append("muted") }
    if isInUse { notes.append("in use") }
    switch device.kind {
    case .bluetooth: notes.append("Bluetooth")
    case .monitor: notes.append("not a microphone: what a speaker plays")
    case .network: notes.append("over the network")
    case .filter, .virtual, .hardware:
      if let place = Self.place(device) { notes.append(place) }
    }
  }

  /// Where it is plugged in, as people say it.
  private static func place(_ device: SoundDevice) -> String? {
    switch device.bus {
    case "usb": "USB"
    case "pci": "built in"
    default: device.kind == .hardware ? nil : "made by a program"
    }
  }

  init(_ camera: CameraDescription, isDefault: Bool) {
    self.init(
      number: "\(camera.node.number)", name: camera.node.path,
      title: camera.card.isEmpty ? camera.node.name : camera.card, bus: camera.bus)
    self.isDefault = isDefault
    isInUse = !camera.holders.isEmpty
    (driver, holders, modes) = (camera.driver.name, camera.holders, camera.modes)
    if case .failed(let reason) = camera.state { failure = reason }
    notes = words(of: camera)
  }

  private func words(of camera: CameraDescription) -> [String] {
    var notes = isDefault ? ["default"] : []
    if isInUse { notes.append("in use by " + Wording.clean(camera.holders.joined(separator: ", "))) }
    switch camera.driver {
    case .usb: notes.append("USB")
    case .virtual: notes.append("made by a program")
    // Why it can't be used says what it needs.
    case .imageProcessor, .browser, .other: break
    }
    if let failure {
      notes.append("can't be used: \(failure.kind.clause)")
    } else if let best = camera.modes.max(by: { Self.rank($0) < Self.rank($1) }) {
      let rate = best.rates.first.map { " at \(Wording.text(.frameRate($0)))" } ?? ""
      notes.append("up to \(best.largest.words)\(rate)")
    }
    return notes
  }

  private static func rank(_ mode: CameraMode) -> (Int64, Int64) {
    (mode.largest.width * mode.largest.height, mode.rates.first?.base ?? 0)
  }
}

// MARK: Faces

extension Devices {
  func human(width: Int, isVerbose: Bool, heading: (String) -> String) -> String {
    let numbers = groups.flatMap(\.rows).map(\.number.count).max() ?? 1
    var lines: [String] = []
    for group in groups {
      lines.append(heading(group.title))
      if let failure = group.failure {
        lines += Paragraph.lines(failure, width: width, indent: "  ")
      } else if group.rows.isEmpty {
        lines.append("  none found")
      }
      for row in group.rows {
        let number = String(repeating: " ", count: numbers - row.number.count) + row.number
        let words = ([row.shownTitle] + (row.notes.isEmpty ? [] : [row.notes.joined(separator: ", ")]))
        lines += Paragraph.lines(
          words.joined(separator: "; "), width: width, indent: String(repeating: " ", count: numbers + 6),
          first: "  \(number)  ")
        guard isVerbose else { continue }
        lines += (row.modes ?? []).map { String(repeating: " ", count: numbers + 6) + $0.line }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line a device, fields apart by tabs: kind, number, name, title, notes.
  var plain: String {
    groups.flatMap { group in
      let kind = Wording.text(group.key.bytes)
      let failures = group.failure.map { ["\(kind)\t\t\t\t\($0)"] } ?? []
      return failures
        + group.rows.map { row in
          [kind, row.number, Wording.clean(row.name), row.shownTitle, row.notes.joined(separator: ", ")]
            .joined(separator: "\t")
        }
    }.map { $0 + "\n" }.joined()
  }

  var json: Text {
    var writer = JSONWriter(indent: 2)
    writer.object { json in
      if let soundFailure { json.member("sound_failure", soundFailure.name) }
      for group in groups {
        json.key(group.key)
        json.array { json in
          for row in group.rows { json.object { row.write(to: &$0) } }
        }
      }
    }
    return writer.text + [0x0A]
  }
}

extension Devices.Row {
  fileprivate var shownTitle: String { Wording.clean(title) }

  fileprivate func write(to json: inout JSONWriter) {
    json.member("number", Array(number.utf8))
    json.member("name", Array(name.utf8))
    json.member("title", Array(title.utf8))
    json.member("bus", Array(bus.utf8))
    if let kind { json.member("kind", kind) }
    if let driver { json.member("driver", driver) }
    if let failure { json.member("failure", failure.name) }
    json.member("default", isDefault)
    if let isMuted { json.member("muted", isMuted) }
    json.member("in_use", isInUse)
    if let holders {
      json.key("holders")
      json.array { json in for holder in holders { json.value(Array(holder.utf8)) } }
    }
    json.key("notes")
    json.array { json in for note in notes { json.value(Array(note.utf8)) } }
    guard let modes else { return }
    json.key("modes")
    json.array { json in for mode in modes { json.object { mode.write(to: &$0) } } }
  }
}
