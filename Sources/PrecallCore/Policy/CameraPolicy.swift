/// The figures of the camera, and the limits that hold where a clinic sets none.
extension Metric {
  package static var camera: [Metric] {
    [
      cameraFrameRate, cameraKeptRate, cameraLines, cameraFirstFrame, cameraLongestGap, cameraLost,
      cameraDamaged, cameraBrightness, cameraOverexposed, cameraContrast, cameraSharpness,
    ]
  }

  package static let cameraFrameRate = Metric(
    "camera.frame-rate", .camera, title: "Frame rate", in: .millihertz, worse: .lower,
    definition: "whole frames that came: (n - 1) over the time from the first to the last, own clock")
  package static let cameraKeptRate = Metric(
    "camera.kept-rate", .camera, title: "Of the promised rate", in: .partsPerMillion, worse: .lower,
    definition: "delivered frame rate over the rate that the driver agreed to (VIDIOC_S_PARM)")
  package static let cameraLines = Metric(
    "camera.lines", .camera, title: "Picture height, lines", in: .count, worse: .lower,
    definition: "lines of the negotiated picture, 1280x720 being asked for")
  package static let cameraFirstFrame = Metric(
    "camera.first-frame", .camera, title: "Time to first picture", in: .microseconds, worse: .higher,
    definition:
      "from the first start of streaming to the first frame; a silent camera is started again after 1.5 s")
  package static let cameraLongestGap = Metric(
    "camera.longest-gap", .camera, title: "Longest pause", in: .microseconds, worse: .higher,
    definition: "the longest time between two frames in a row, after half a second of settling")
  package static let cameraLost = Metric(
    "camera.lost", .camera, title: "Pictures lost", in: .partsPerMillion, worse: .higher,
    definition: "gaps in the driver's count of frames, as a share of that count")
  package static let cameraDamaged = Metric(
    "camera.damaged", .camera, title: "Pictures damaged", in: .partsPerMillion, worse: .higher,
    definition: "frames marked by the driver, too short, or broken as JPEG (ITU-T T.81), native format")
  package static let cameraBrightness = Metric(
    "camera.brightness", .camera, title: "Brightness", in: .partsPerMillion, worse: .lower,
    definition: "median over frames of mean luma, 0 % at Y 16 and 100 % at Y 235 (ITU-R BT.601)")
  package static let cameraOverexposed = Metric(
    "camera.overexposed", .camera, title: "Burnt-out part", in: .partsPerMillion, worse: .higher,
    definition: "median over frames of the share of pixels from Y 230 on")
  package static let cameraContrast = Metric(
    "camera.contrast", .camera, title: "Contrast", in: .partsPerMillion, worse: .lower,
    definition: "median over frames of the standard deviation of luma, as a share of the range")
  package static let cameraSharpness = Metric(
    "camera.sharpness", .camera, title: "Sharpness", in: .partsPerMillion, worse: .lower,
    definition:
      "median over frames: root of the Laplacian's energy between neighbours over that four times as far apart"
  )
}

extension Limit {
  package static var camera: [Limit] {
    [
      Limit(
        .cameraFrameRate, warn: .frameRate(FrameRate(15)), block: .frameRate(FrameRate(10)),
        source: "COMAR 10.09.49.07: at least 15 frames a second; block: our judgement"),
      Limit(
        .cameraKeptRate, warn: .share(.percent(90)), block: .share(.percent(50)),
        source: "our judgement: a healthy camera keeps its rate within 1 %"),
      Limit(
        .cameraLines, warn: .count(360), source: "our judgement: standard video is 640x360 or more"),
      Limit(
        .cameraFirstFrame, warn: .time(.milliseconds(1_500)), block: .time(.seconds(3)),
        source: "our judgement; browsers restart the camera after 1 s without a frame (Chromium)"),
      Limit(
        .cameraLongestGap, block: .time(.seconds(1)),
        source: "warn: three pictures' time, our judgement; block: Chromium calls 1 s a fault"),
      Limit(.cameraLost, warn: .share(.zero), block: .share(.percent(5)), source: "our judgement"),
      Limit(
        .cameraDamaged, warn: .share(.zero), block: .share(.percent(5)),
        source: "our judgement; browsers drop damaged frames (Chromium)"),
      Limit(
        .cameraBrightness, warn: .share(.percent(20)), block: .share(.percent(11)),
        source: "our judgement: a mean luma below Y 60 is dim, below Y 40 it shows no face"),
      Limit(
        .cameraOverexposed, warn: .share(.percent(10)), block: .share(.percent(30)),
        source: "our judgement: a window or lamp fills a third of the picture"),
      Limit(
        .cameraContrast, warn: .share(.percent(5.5)), block: .share(.percent(2.3)),
        source: "our judgement: a deviation under 12 luma steps is faint, under 5 nothing can be made out"),
      Limit(
        .cameraSharpness, warn: .share(.percent(13)),
        source: "our judgement: half of the least of a dozen photographs; blur over 0.7 % of the width"),
    ]
  }
}
