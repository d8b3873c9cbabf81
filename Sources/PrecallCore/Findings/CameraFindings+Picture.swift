/// What can be found of the camera's pictures.
extension FindingKind {
  static var cameraPicture: [FindingKind] {
    [
      cameraPrivacyOn, cameraBlack, cameraEmpty, cameraFrozen, cameraFlat, cameraTooDark,
      cameraOverexposed, cameraDim, cameraBright, cameraLowContrast, cameraBlurred, cameraTinted,
      cameraDamaged, cameraStill, cameraSlowMode, cameraLowFrameRate, cameraSlowInTheDark,
      cameraBelowPromised, cameraLost,
      cameraPauses, cameraSlowStart, cameraSmallPicture, cameraLessThanAsked, cameraWrongAspect, cameraNotHD,
    ]
  }

  package static let cameraPrivacyOn = FindingKind(
    "camera.privacy-on", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera's privacy switch is on.",
    remedy: "Open the shutter in front of the lens, or press the camera key.",
    explanation: "V4L2_CID_PRIVACY is 1.")

  package static let cameraBlack = FindingKind(
    "camera.black", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera's picture is black.",
    remedy: "Open the camera's shutter or take off its cover.",
    explanation: """
      At least 98 % of the pixels of every picture are below Y 32. A shutter, tape, a privacy key, \
      or no light at all.
      """)

  package static let cameraEmpty = FindingKind(
    "camera.empty", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera sends empty pictures.",
    remedy: "Unplug the camera and plug it in again.",
    explanation: """
      All bytes are zero, which shows as green: nobody fills the buffers. Usual with image \
      processors that need libcamera.
      """)

  package static let cameraFrozen = FindingKind(
    "camera.frozen", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera's picture stands still.",
    remedy: "Unplug the camera and plug it in again.",
    explanation: """
      Every frame is bit for bit the one before; a live sensor always has noise. A virtual camera \
      may show a still picture.
      """)

  package static let cameraStill = FindingKind(
    "camera.still-picture", .camera, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The program behind this camera shows a still picture.",
    remedy: "Start the camera in that program, or choose another camera.",
    explanation: """
      A virtual camera sent the same picture for two seconds: its program pauses, shows a placeholder, or has \
      lost the camera behind it.
      """)

  package static let cameraSlowMode = FindingKind(
    "camera.slow-mode", .camera, .warning, cap: .lowVideo, at: .thisComputer,
    says: "In this size the camera sends few pictures, so motion looks jerky.",
    remedy: "Choose a smaller picture in the settings of your video call.",
    explanation: """
      The driver itself promises fewer than 15 pictures a second in the size that calls ask for (1280x720). \
      Most cameras do better in a smaller size, or in MJPG on a faster USB socket; precall-test devices lists \
      what this one can do.
      """)

  package static let cameraFlat = FindingKind(
    "camera.flat", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The camera shows one colour only.",
    remedy: "Wipe the lens and take away what covers it.",
    explanation: """
      The standard deviation of luma is below the limit, while the picture is not black: something \
      lies on the lens, or it points at a blank wall.
      """)

  package static let cameraTooDark = FindingKind(
    "camera.too-dark", .camera, .warning, cap: .standardVideo, at: .thisComputer,
    says: "The picture is too dark to see a face.",
    remedy: "Turn on a light in front of you.",
    explanation: "Mean luma is below the limit, but the picture is not black.")

  package static let cameraOverexposed = FindingKind(
    "camera.overexposed", .camera, .warning, cap: .standardVideo, at: .thisComputer,
    says: "The picture is too bright.",
    remedy: "Turn away from the window or lamp; have the light in front of you.",
    explanation: "Too many pixels are burnt out (Y 230 and more), or mean luma is over Y 210.")

  package static let cameraDim = FindingKind(
    "camera.dim", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The picture is rather dark.",
    remedy: "Turn on a light in front of you.",
    explanation: "Mean luma is between what shows a face and what shows it well (Y 40 to 60).")

  package static let cameraBright = FindingKind(
    "camera.bright", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The picture is rather bright.",
    remedy: "Turn away from the window or lamp; have the light in front of you.",
    explanation: """
      More than a tenth of the pixels are burnt out (Y 230 and more), or mean luma is over Y 190; up to 30 % \
      and Y 210 a face can be made out.
      """)

  package static let cameraLowContrast = FindingKind(
    "camera.low-contrast", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The picture is pale.",
    remedy: "Wipe the lens, and have more light in front of you.",
    explanation: "The standard deviation of luma is small (5 to 12 steps): haze on the lens, or poor light.")

  package static let cameraBlurred = FindingKind(
    "camera.blurred", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The picture is blurred.",
    remedy: "Wipe the lens, and sit an arm's length from the camera.",
    explanation: """
      Edges are washed out: the Laplacian of luma has far less energy between neighbours than between points \
      four times as far apart. A smeared lens, or one out of focus. Not judged where there is little to see.
      """)

  package static let cameraTinted = FindingKind(
    "camera.tinted", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The picture has a strong tint of one colour.",
    remedy: "Change the light in the room, or the camera's white balance.",
    explanation: "The mean chroma is more than 40 from colourless.")

  package static let cameraDamaged = FindingKind(
    "camera.damaged", .camera, .warning, cap: .lowVideo, at: .thisComputer,
    says: "Some of the camera's pictures arrive damaged.",
    remedy: "Plug the camera straight into the computer, with another cable if you can.",
    explanation: """
      Frames marked by the driver, too short, or JPEG without an end or with marks that can't be \
      there. Bytes after the end are not counted.
      """)

  package static let cameraLowFrameRate = FindingKind(
    "camera.low-frame-rate", .camera, .warning, cap: .lowVideo, at: .thisComputer,
    says: "The camera sends too few pictures a second, so motion looks jerky.",
    remedy: "Turn on more light, then close other programs.",
    explanation: """
      Whole frames a second, below the limit, in a dim picture, or with no promise to hold them against. Poor \
      light first; then USB bandwidth or a busy computer.
      """)

  package static let cameraSlowInTheDark = FindingKind(
    "camera.slow-in-the-dark", .camera, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The camera sends fewer pictures than it can, which it does where there is little light.",
    remedy: "Turn on more light in front of you.",
    explanation: """
      Fewer frames come than the driver agreed to, hardly any is lost, the picture is dim (below 30 % of the \
      range), and the camera does not say that it keeps its rate in poor light: most expose longer instead \
      (V4L2_CID_EXPOSURE_AUTO_PRIORITY is 1, or can't be read).
      """)

  package static let cameraBelowPromised = FindingKind(
    "camera.below-promised", .camera, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The camera is slower than it says.",
    remedy: "Plug the camera straight into the computer, and close other programs.",
    explanation: """
      Fewer frames come than the driver agreed to, a warning where it is half or too few for video, and poor \
      light does not explain it: the picture is bright enough, frames are lost, or the camera says that it keeps \
      its rate in poor light (V4L2_CID_EXPOSURE_AUTO_PRIORITY is 0). USB bandwidth, or a busy computer.
      """)

  package static let cameraLost = FindingKind(
    "camera.frames-lost", .camera, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Some of the camera's pictures were lost on the way.",
    remedy: "Close other programs.",
    explanation: "Gaps in the driver's count of frames: the computer was too busy, or the bus.")

  package static let cameraPauses = FindingKind(
    "camera.pauses", .camera, .warning, cap: .standardVideo, at: .thisComputer,
    says: "The picture stops for a moment now and then.",
    remedy: "Close other programs; plug the camera straight into the computer.",
    explanation: """
      The longest time between two frames is above the limit: a second, and for a note three pictures' time at \
      the promised rate.
      """)

  package static let cameraSlowStart = FindingKind(
    "camera.slow-start", .camera, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The camera takes long to start.",
    remedy: "Wait a moment after you turn the camera on.",
    explanation: """
      Time from the first STREAMON to the first frame; after 1.5 s without one the stream is started once more, as \
      browsers do.
      """)

  package static let cameraSmallPicture = FindingKind(
    "camera.small-picture", .camera, .warning, cap: .lowVideo, at: .thisComputer,
    says: "The camera's picture is small.",
    remedy: "Use a better camera if you have one.",
    explanation: "The nearest mode to 1280x720 has fewer lines than the limit.")

  package static let cameraLessThanAsked = FindingKind(
    "camera.less-than-asked", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The camera gives a smaller picture than it offers.",
    remedy: "Close other programs that use the camera, then test again.",
    explanation: """
      VIDIOC_S_FMT answered with a smaller size than the listed one that it was asked for: another program \
      holds the format, or the driver lists what it can't do.
      """)

  package static let cameraWrongAspect = FindingKind(
    "camera.wrong-aspect", .camera, .note, cap: .hdVideo, at: .thisComputer,
    says: "The camera's picture has an unusual shape: calls cut parts of it off or show bars beside it.",
    remedy: "Choose a wide picture in the camera's own settings, or use another camera.",
    explanation: """
      The negotiated picture is narrower than 11:9 (CIF, the narrowest of the usual formats) or wider than \
      2:1, though 16:9 was asked for.
      """)

  package static let cameraNotHD = FindingKind(
    "camera.not-hd", .camera, .note, cap: .standardVideo, at: .thisComputer,
    says: "The camera can't send high-definition video; standard video will do.",
    remedy: "Nothing needs to be done.",
    explanation: """
      HD needs 720 lines at 25 frames a second or better. Where the camera promises that and is only slow today, \
      its slowness alone is named.
      """)
}
