/// What can be found of the camera while it starts and streams.
extension FindingKind {
  static var cameraStream: [FindingKind] {
    [
      cameraCannotNegotiate, cameraNoBandwidth, cameraUsbError, cameraNoMemory, cameraDeviceError,
      cameraNoFrames, cameraStalled, cameraUnplugged, cameraGone, cameraNoAnswer, cameraPassedOver,
      cameraVirtual, cameraNotInPipeWire, cameraRefusedByPortal,
    ]
  }

  package static let cameraCannotNegotiate = FindingKind(
    "camera.cannot-negotiate", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera refused every picture size we asked for.",
    remedy: "Unplug the camera and plug it in again.",
    explanation: "VIDIOC_S_FMT failed or answered with another format than it lists.")

  package static let cameraNoBandwidth = FindingKind(
    "camera.no-bandwidth", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The USB port has no room for the camera's pictures.",
    remedy: "Plug the camera into another USB port, straight into the computer.",
    explanation: """
      ENOSPC when starting: USB bandwidth, not disk. Two cameras on one hub, or a USB 2 port; MJPG \
      and smaller pictures need less.
      """)

  package static let cameraUsbError = FindingKind(
    "camera.usb-error", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The computer and the camera lose each other on the cable.",
    remedy: "Unplug the camera and plug it straight into the computer, with another cable if you can.",
    explanation: """
      EPROTO, EIO, EPIPE, EILSEQ or ETIMEDOUT from the driver: cable, hub, power or firmware. See \
      dmesg for uvcvideo.
      """)

  package static let cameraNoMemory = FindingKind(
    "camera.no-memory", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The computer has too little memory left for the camera.",
    remedy: "Close other programs, then test again.",
    explanation: "ENOMEM when asking for video buffers.")

  package static let cameraDeviceError = FindingKind(
    "camera.device-error", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera gave an error that we don't know.",
    remedy: "Unplug the camera and plug it in again.",
    explanation: """
      An ioctl failed with an error number that has no finding of its own: see the number here.
      """)

  package static let cameraNoFrames = FindingKind(
    "camera.no-frames", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera starts but sends no picture.",
    remedy: "Unplug the camera and plug it in again.",
    explanation: "No frame within 1.5 s of STREAMON, nor within 3 s of a second one after STREAMOFF.")

  package static let cameraStalled = FindingKind(
    "camera.stalled", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The picture stopped while we watched.",
    remedy: "Unplug the camera and plug it in again.",
    explanation: "Frames came, then none for more than 1 s, with no error from the driver.")

  package static let cameraUnplugged = FindingKind(
    "camera.unplugged", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera was unplugged while we watched.",
    remedy: "Plug the camera in again, and check the cable.",
    explanation: """
      ENODEV with POLLERR and POLLHUP while streaming: the device left the bus, or the hub lost \
      power.
      """)

  package static let cameraGone = FindingKind(
    "camera.gone", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera disappeared before we could open it.",
    remedy: "Plug the camera in again.",
    explanation: "The node is listed, but opening it gave ENOENT, ENODEV or ENXIO.")

  package static let cameraNoAnswer = FindingKind(
    "camera.no-answer", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera does not answer.",
    remedy: "Unplug the camera and plug it in again; if that does not help, restart the computer.",
    explanation: """
      A driver's call did not return within our deadline. It is left alone and closed as soon as it \
      returns.
      """)

  package static let cameraPassedOver = FindingKind(
    "camera.passed-over", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The first camera can't be used, so we tested the next one.",
    remedy: "Choose the other camera in the visit.",
    explanation: """
      The measurement's passed_over tells why the first one failed; the screen names it, and the program that has \
      it.
      """)

  package static let cameraVirtual = FindingKind(
    "camera.virtual", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The camera is a virtual one: another program makes its picture.",
    remedy: "If that is not what you want, choose your real camera in the visit.",
    explanation: "The driver is a loopback; programs may pick it first.")

  package static let cameraNotInPipeWire = FindingKind(
    "camera.not-in-pipewire", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The camera works, but PipeWire does not have it, from which some browsers take it.",
    remedy: "If your browser finds no camera, run: systemctl --user restart wireplumber",
    explanation: """
      V4L2 has a camera, and PipeWire lists no Video/Source (pw-cli ls Node, wpctl status). Programs in a sandbox \
      and browsers with PipeWire cameras turned on find none then. A camera that another program held at login, \
      or a missing libspa plugin (pipewire-libcamera, libspa-0.2-libcamera), does that.
      """)

  package static let cameraRefusedByPortal = FindingKind(
    "camera.refused-by-portal", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The camera works, but this desktop's settings keep it from at least one program.",
    remedy: "If it is your browser, allow it in the Settings, under Privacy, Camera.",
    explanation: """
      The permission store of the desktop's portal has a no for devices/camera (flatpak permissions devices). \
      Programs in a sandbox get no camera then, whatever the browser itself allows.
      """)
}
