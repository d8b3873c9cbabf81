/// How the bytes of an uncompressed picture lie in memory, by the names of the V4L2 formats
/// (kernel documentation, "Image Formats"); RGBA is what a browser's canvas hands out.
package enum PixelLayout: Sendable, CaseIterable {
  case yuyv, uyvy, nv12, nv21, yuv420, yvu420, grey, rgb24, bgr24, rgba

  /// Bytes from one pixel of a line to the next, of the first plane.
  package var step: Int {
    switch self {
    case .yuyv, .uyvy: 2
    case .nv12, .nv21, .yuv420, .yvu420, .grey: 1
    case .rgb24, .bgr24: 3
    case .rgba: 4
    }
  }

  /// Bytes of a whole picture with lines of `stride` bytes.
  package func size(height: Int, stride: Int) -> Int {
    switch self {
    case .nv12, .nv21: stride * height + stride * ((height + 1) / 2)
    case .yuv420, .yvu420: stride * height + 2 * (stride / 2) * ((height + 1) / 2)
    default: stride * height
    }
  }
}

/// One point of a picture: luma and the two chroma parts, each from 0 to 255.
struct Pixel {
  var luma: Int
  var blue: Int
  var red: Int

  init(_ luma: UInt8, _ blue: UInt8, _ red: UInt8) {
    self.luma = Int(luma)
    self.blue = Int(blue)
    self.red = Int(red)
  }

  /// Limited-range YCbCr of RGB, in whole numbers (ITU-R BT.601, with coefficients of 1/256).
  init(red: UInt8, green: UInt8, blue: UInt8) {
    let (r, g, b) = (Int(red), Int(green), Int(blue))
    luma = 16 + (66 * r + 129 * g + 25 * b + 128) >> 8
    self.blue = 128 + (-38 * r - 74 * g + 112 * b + 128) >> 8
    self.red = 128 + (112 * r - 94 * g - 18 * b + 128) >> 8
  }
}

/// Where each pixel of an uncompressed picture lies.
struct PictureGeometry {
  let layout: PixelLayout
  let stride: Int
  private let chroma: Int
  private let secondPlane: Int

  /// No camera has longer lines; bounds every product below.
  static let longest = 16_384

  /// Nothing where `count` bytes are too few for such a picture.
  init?(_ layout: PixelLayout, width: Int, height: Int, stride: Int, count: Int) {
    guard width >= 2, height >= 2, width <= Self.longest, height <= Self.longest, stride <= 1 << 20 else {
      return nil
    }
    guard stride >= (width + 1) / 2 * 2 * layout.step || stride >= width * layout.step && layout.step != 2,
      count >= layout.size(height: height, stride: stride)
    else { return nil }
    self.layout = layout
    self.stride = stride
    chroma = stride * height
    secondPlane = chroma + stride / 2 * ((height + 1) / 2)
  }

  /// The pixel in column `x`, which is even, of line `y`.
  func pixel(_ x: Int, _ y: Int, in bytes: Span<UInt8>) -> Pixel {
    let at = y * stride + x * layout.step
    switch layout {
    case .yuyv: return Pixel(bytes[at], bytes[at + 1], bytes[at + 3])
    case .uyvy: return Pixel(bytes[at + 1], bytes[at], bytes[at + 2])
    case .grey: return Pixel(bytes[at], 128, 128)
    case .rgb24, .rgba: return Pixel(red: bytes[at], green: bytes[at + 1], blue: bytes[at + 2])
    case .bgr24: return Pixel(red: bytes[at + 2], green: bytes[at + 1], blue: bytes[at])
    case .nv12, .nv21:
      let pair = min(chroma + y / 2 * stride + x, bytes.count - 2)
      let (one, other) = (bytes[pair], bytes[pair + 1])
      return layout == .nv12 ? Pixel(bytes[at], one, other) : Pixel(bytes[at], other, one)
    case .yuv420, .yvu420:
      let offset = y / 2 * (stride / 2) + x / 2
      let one = bytes[min(chroma + offset, bytes.count - 1)]
      let other = bytes[min(secondPlane + offset, bytes.count - 1)]
      return layout == .yuv420 ? Pixel(bytes[at], one, other) : Pixel(bytes[at], other, one)
    }
  }

  /// The luma of any pixel.
  func luma(_ x: Int, _ y: Int, in bytes: Span<UInt8>) -> Int {
    switch layout {
    case .rgb24, .bgr24, .rgba, .grey: pixel(x, y, in: bytes).luma
    case .uyvy: Int(bytes[y * stride + x * 2 + 1])
    default: Int(bytes[y * stride + x * layout.step])
    }
  }
}
