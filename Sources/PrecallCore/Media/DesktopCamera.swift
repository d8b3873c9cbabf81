/// What the desktop's own ways to a camera say, which programs in a sandbox and some browsers take in place of V4L2.
package struct DesktopCamera: Sendable, Equatable {
  /// Whether PipeWire lists any camera; nothing where it does not run or was not asked.
  package var isInPipeWire: Bool?
  /// Whether the desktop's settings refuse the camera to some program that asks the portal; nothing where they say
  /// nothing of cameras.
  package var isRefusedByPortal: Bool?

  package init(isInPipeWire: Bool? = nil, isRefusedByPortal: Bool? = nil) {
    self.isInPipeWire = isInPipeWire
    self.isRefusedByPortal = isRefusedByPortal
  }

  /// Notes beside a camera that works: whether the browser takes such a way is not known.
  var findings: [Finding] {
    var findings: [Finding] = []
    if isRefusedByPortal == true { findings.append(Finding(.cameraRefusedByPortal)) }
    if isInPipeWire == false { findings.append(Finding(.cameraNotInPipeWire)) }
    return findings
  }
}
