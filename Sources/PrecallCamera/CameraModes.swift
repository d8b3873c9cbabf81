import CV4L2
import Glibc
package import PrecallCore

/// A way in which a camera can send pictures.
package struct CameraMode: Sendable, Equatable {
  package var format: PixelFormat
  package var width: Int
  package var height: Int
  /// The rates that the camera lists for it, highest first; empty where it lists none.
  package var rates: [FrameRate]
  /// Where the size stands for a range of them: the smallest and the largest.
  package var sizes: SizeRange?
  /// Where the rate stands for a range down to this one.
  package var lowestRate: FrameRate?

  package struct SizeRange: Sendable, Equatable {
    package var smallest: PictureSize
    package var largest: PictureSize
  }
}

/// A V4L2 pixel format, by its four letters.
package struct PixelFormat: Sendable, Hashable {
  package let code: UInt32

  init(code: UInt32) { self.code = code }

  init(_ letters: StaticString) {
    code = letters.bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  package var text: Text { (0..<4).map { UInt8(code >> ($0 * 8) & 0x7F) } }

  static let mjpeg = PixelFormat("MJPG")
  static let jpeg = PixelFormat("JPEG")

  var isJPEG: Bool { self == .mjpeg || self == .jpeg }

  /// The uncompressed formats that browsers take, best first.
  static let layouts: [(format: PixelFormat, layout: PixelLayout)] = [
    (PixelFormat("NV12"), .nv12), (PixelFormat("YU12"), .yuv420), (PixelFormat("YV12"), .yvu420),
    (PixelFormat("YUYV"), .yuyv), (PixelFormat("UYVY"), .uyvy), (PixelFormat("NV21"), .nv21),
    (PixelFormat("RGB3"), .rgb24), (PixelFormat("BGR3"), .bgr24),
  ]

  var layout: PixelLayout? { Self.layouts.first { $0.format == self }?.layout }
  var isUsable: Bool { isJPEG || layout != nil }

  /// Grey and depth formats: what infrared cameras send.
  var isInfrared: Bool {
    ["GREY", "Y8  ", "Y8I ", "Y10 ", "Y12 ", "Y12I", "Y16 ", "Z16 ", "INVZ", "INZI"].contains(letters)
  }
  /// Raw sensor data: Bayer patterns of 8 to 16 bits, packed or not.
  var isRaw: Bool {
    let starts = ["BA", "BG", "GB", "GR", "RG", "pB", "pG", "pR", "BYR", "ip"]
    return starts.contains { letters.hasPrefix($0) } && !["GREY", "BGR3", "RGB3", "RGBP"].contains(letters)
  }

  private var letters: String { String(decoding: text, as: UTF8.self) }
}

extension V4L2Device {
  /// No driver lists more; one that never ends its list is cut off.
  private static var most: UInt32 { 128 }

  func formats() -> [PixelFormat] {
    var formats: [PixelFormat] = []
    for index in 0..<Self.most {
      var code: UInt32 = 0
      guard unsafe precall_v4l2_list_format(descriptor, index, &code) == 0 else { break }
      formats.append(PixelFormat(code: code))
    }
    return formats
  }

  func modes(of format: PixelFormat) -> [CameraMode] {
    var modes: [CameraMode] = []
    for index in 0..<Self.most {
      var sizes = precall_v4l2_sizes()
      guard unsafe precall_v4l2_list_size(descriptor, format.code, index, &sizes) == 0 else { break }
      modes.append(mode(of: format, sizes))
    }
    return modes
  }

  private func mode(of format: PixelFormat, _ sizes: precall_v4l2_sizes) -> CameraMode {
    var (width, height) = (sizes.width, sizes.height)
    var mode = CameraMode(format: format, width: 0, height: 0, rates: [])
    if sizes.least_width != width || sizes.least_height != height {
      mode.sizes = CameraMode.SizeRange(
        smallest: PictureSize(width: Int64(sizes.least_width), height: Int64(sizes.least_height)),
        largest: PictureSize(width: Int64(width), height: Int64(height)))
      // A range holds what we ask for, unless it ends below or begins above.
      (width, height) = (
        max(sizes.least_width, min(width, 1_280)), max(sizes.least_height, min(height, 720))
      )
    }
    (mode.width, mode.height) = (Int(width), Int(height))
    for index in 0..<Self.most {
      var (rate, least): (Int64, Int64) = (0, 0)
      guard unsafe precall_v4l2_list_rate(descriptor, format.code, width, height, index, &rate, &least) == 0
      else { break }
      mode.rates.append(FrameRate(base: rate))
      if least < rate { mode.lowestRate = FrameRate(base: least) }
    }
    mode.rates.sort(by: >)
    return mode
  }
}

extension CameraMode {
  /// The mode that a browser would take for 1280x720 at 30: the nearest size, MJPEG above 640x480
  /// (Chromium), a format that needs no decoding otherwise.
  static func chosen(from modes: [CameraMode]) -> CameraMode? {
    modes.filter { $0.format.isUsable }.min { one, other in
      if one.distance != other.distance { return one.distance < other.distance }
      if one.rank != other.rank { return one.rank < other.rank }
      return (one.rates.first ?? .zero) > (other.rates.first ?? .zero)
    }
  }

  /// How far the size is from 1280x720; the shape counts too, since 960x960 is as large.
  private var distance: Int { abs(width - 1_280) + abs(height - 720) }

  private var rank: Int {
    let isLarge = width * height > 640 * 480
    if format.isJPEG { return isLarge ? -1 : 100 }
    return PixelFormat.layouts.firstIndex { $0.format == format } ?? 99
  }
}
