/// What can be found of the camera: why it can't be had at all.
extension FindingKind {
  package static var camera: [FindingKind] { cameraAccess + cameraStream + cameraPicture + cameraBrowser }

  static var cameraAccess: [FindingKind] {
    [
      cameraNoCamera, cameraNoCaptureNode, cameraNoPermission, cameraNoRights, cameraSandboxed, cameraBusy,
      cameraNotACamera, cameraNotFound, cameraAmbiguous, cameraNoUsableFormat, cameraRawSensor,
      cameraInfrared, cameraVirtualIdle,
    ]
  }

  package static let cameraNoCamera = FindingKind(
    "camera.no-camera", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "We found no camera on this computer.",
    remedy: "Plug in a camera, or use a phone or tablet that has one.",
    explanation: """
      No video node stands in sysfs. Look with lsusb whether the camera is seen at all; a switch or \
      key may cut it off; some laptops need a driver.
      """)

  package static let cameraNoCaptureNode = FindingKind(
    "camera.no-capture-node", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This computer has video devices, but none of them is a camera.",
    remedy: "Plug in a camera.",
    explanation: """
      By VIDIOC_QUERYCAP every node is for metadata, output or coding: none has VIDEO_CAPTURE among \
      its device_caps.
      """)

  package static let cameraNoPermission = FindingKind(
    "camera.no-permission", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This program may not use the camera.",
    remedy: "Join the group that may use the camera: sudo usermod -aG GROUP $USER, then log in again.",
    explanation: """
      Opening the node gave EACCES. The group named here, mostly video, owns it, and you are not in that group; \
      over ssh the seat's access list is missing too.
      """)

  package static let cameraNoRights = FindingKind(
    "camera.no-rights", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This account may not use the camera.",
    remedy: "Log in at the computer itself, or ask whoever looks after it to allow the camera for you.",
    explanation: """
      Opening the node gave EACCES or EPERM, and joining its group would not help: the group is the superuser's, \
      has no rights to read and write, or you are in it already. Usually the seat's access list is missing, as \
      over ssh (getfacl /dev/video0).
      """)

  package static let cameraSandboxed = FindingKind(
    "camera.sandboxed", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This program runs in a sandbox that keeps the camera from it.",
    remedy: "Allow the camera in the settings of the app store, or run the program outside the sandbox.",
    explanation: """
      A Flatpak or snap was detected and the node can't be opened. Flatpak: --device=all; snap: snap \
      connect NAME:camera.
      """)

  package static let cameraBusy = FindingKind(
    "camera.busy", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "Another program is using the camera.",
    remedy: "Close other programs that use the camera, then test again.",
    explanation: """
      EBUSY when setting the format, asking for buffers or starting. The program named here has the \
      node open; only one can stream.
      """)

  package static let cameraNotACamera = FindingKind(
    "camera.not-a-camera", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The device you chose is not a camera.",
    remedy: "Choose another camera: precall-test devices lists them.",
    explanation: """
      VIDIOC_QUERYCAP names no VIDEO_CAPTURE in its device_caps, or the node is no video device. The \
      second node of a USB camera carries metadata only.
      """)

  package static let cameraNotFound = FindingKind(
    "camera.not-found", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera you asked for is not there.",
    remedy: "Plug it in, or choose one from: precall-test devices.",
    explanation: "No node has this path, number or part of a name.")

  package static let cameraAmbiguous = FindingKind(
    "camera.ambiguous", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "More than one camera fits the name you gave.",
    remedy: "Give more of the name, or the number.",
    explanation: "The candidates are named here.")

  package static let cameraNoUsableFormat = FindingKind(
    "camera.no-usable-format", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This camera sends pictures in a form that browsers can't use.",
    remedy: "Use another camera.",
    explanation: """
      VIDIOC_ENUM_FMT lists none of MJPG, YUYV, UYVY, NV12, YU12, YV12 and RGB; or the node has \
      V4L2_CAP_VIDEO_CAPTURE_MPLANE alone (multi-planar, as HDMI inputs of small computers are), which browsers \
      pass over.
      """)

  package static let cameraRawSensor = FindingKind(
    "camera.raw-sensor", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This laptop's camera needs extra software before programs can use it.",
    remedy: "Use a USB camera, or ask your helpdesk to install libcamera for PipeWire.",
    explanation: """
      Only raw Bayer formats, or a node whose way from the sensor must be laid first (V4L2_CAP_IO_MC): an image \
      processor (Intel IPU6 and IPU7, Qualcomm, Rockchip) that plain V4L2 can't use. It works only through \
      libcamera and PipeWire.
      """)

  package static let cameraInfrared = FindingKind(
    "camera.infrared", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This is the infrared camera for face login, not the one for video.",
    remedy: "Choose the other camera.",
    explanation: "The node has only grey or depth formats (GREY, Y8I, Y10, Y16, Z16).")

  package static let cameraVirtualIdle = FindingKind(
    "camera.virtual-idle", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera is a virtual one, and its program is not running.",
    remedy: "Start the program that makes the picture, or choose a real camera.",
    explanation: """
      A loopback node without a producer shows OUTPUT only (exclusive_caps), or delivers no frame. \
      With OBS: Start Virtual Camera.
      """)
}
