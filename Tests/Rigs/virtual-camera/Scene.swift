import Foundation

/// What a virtual camera sees.
enum Scene: String, Sendable {
  case moving, black, white, grey, dark, bright, frozen, noise, green, tinted, dim, blurred, pale, ratherDark,
    ratherBright

  /// Luma, blue and red chroma of a pixel of frame `frame`.
  @inline(__always)
  func pixel(_ x: Int, _ y: Int, frame: Int) -> (UInt8, UInt8, UInt8) {
    switch self {
    case .moving: (UInt8(40 + (x / 2 + y + frame * 16) % 160), 120, 136)
    case .frozen: (UInt8(40 + (x / 2 + y) % 160), 120, 136)
    case .black: (16, 128, 128)
    case .white: (235, 128, 128)
    case .grey: (UInt8(125 + Self.random(x, y, frame) % 3), 128, 128)
    case .dark: (UInt8(22 + (x / 16 + y / 16 + frame) % 16), 128, 128)
    case .bright: (UInt8(195 + (x / 2 + y + frame * 16) % 55), 128, 128)
    case .noise: (UInt8(16 + Self.random(x, y, frame) % 220), 128, 128)
    case .green: (0, 0, 0)
    case .dim: (UInt8(30 + (x / 2 + y + frame * 16) % 64), 120, 136)
    case .ratherDark: (UInt8(18 + (x / 2 + y + frame * 16) % 64), 120, 136)
    case .ratherBright: (UInt8(166 + (x / 2 + y + frame * 16) % 68), 120, 136)
    case .pale: (UInt8(105 + (x / 2 + y + frame * 16) % 30), 120, 136)
    case .blurred: (Self.soft(x, y, frame), 120, 136)
    case .tinted: (UInt8(40 + (x / 2 + y + frame * 16) % 160), 200, 100)
    }
  }

  /// No edge anywhere: waves of 160 pixels, as if seen through a smeared lens.
  private static func soft(_ x: Int, _ y: Int, _ frame: Int) -> UInt8 {
    UInt8(120 + 45 * sin(Double(x + frame * 20) * .pi / 80) + 45 * sin(Double(y) * .pi / 80))
  }

  /// A repeatable random number from 0 to 255.
  @inline(__always)
  private static func random(_ x: Int, _ y: Int, _ frame: Int) -> Int {
    var seed = UInt32(truncatingIfNeeded: x &* 73_856_093 ^ y &* 19_349_663 ^ frame &* 83_492_791)
    seed ^= seed << 13
    seed ^= seed >> 17
    seed ^= seed << 5
    return Int(seed >> 8 & 0xFF)
  }

  /// What stands behind the pixels of a longer line: who takes it for picture sees a burnt-out one.
  private static let padding: UInt8 = 235

  /// The bytes of a frame in a V4L2 format; bytes of a format that is not known here are noise.
  func bytes(format: String, width: Int, height: Int, stride: Int, frame: Int) -> [UInt8] {
    switch format {
    case "MJPG": JPEGEncoder.encode(self, width: width, height: height, frame: frame)
    case "YUYV", "UYVY": packed(format == "UYVY" ? 1 : 0, width, height, stride, frame)
    case "NV12", "YU12": planar(format == "NV12", width, height, stride, frame)
    default: Scene.noise.lumaOnly(width, height, stride, frame)
    }
  }

  private func packed(_ shift: Int, _ width: Int, _ height: Int, _ stride: Int, _ frame: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: Self.padding, count: stride * height)
    for y in 0..<height {
      for x in 0..<width {
        let (luma, blue, red) = pixel(x, y, frame: frame)
        let at = y * stride + x * 2
        bytes[at + shift] = luma
        bytes[at + 1 - shift] = x & 1 == 0 ? blue : red
      }
    }
    return bytes
  }

  private func planar(
    _ areChromaTogether: Bool, _ width: Int, _ height: Int, _ stride: Int, _ frame: Int
  ) -> [UInt8] {
    var bytes = lumaOnly(width, height, stride, frame)
    let (_, blue, red) = pixel(0, 0, frame: frame)
    let quarter = stride / 2 * (height / 2)
    for index in 0..<(2 * quarter) {
      bytes.append((areChromaTogether ? index & 1 == 0 : index < quarter) ? blue : red)
    }
    return bytes
  }

  private func lumaOnly(_ width: Int, _ height: Int, _ stride: Int, _ frame: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: Self.padding, count: stride * height)
    for y in 0..<height {
      for x in 0..<width { bytes[y * stride + x] = pixel(x, y, frame: frame).0 }
    }
    return bytes
  }
}
