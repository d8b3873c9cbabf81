/// The lines of an uncompressed picture as red, green and blue, for a person who asked to see it.
package struct PictureLines: Sendable {
  package let width: Int
  package let height: Int
  private let geometry: PictureGeometry

  /// Nothing where `count` bytes are too few for a picture of that size.
  package init?(_ layout: PixelLayout, width: Int, height: Int, stride: Int, count: Int) {
    guard let geometry = PictureGeometry(layout, width: width, height: height, stride: stride, count: count)
    else { return nil }
    self.width = width
    self.height = height
    self.geometry = geometry
  }

  /// Adds line `y` of the picture in `bytes` to `line`, three bytes a pixel.
  package func append(line y: Int, of bytes: Span<UInt8>, to line: inout [UInt8]) {
    for x in 0..<width {
      var pixel = geometry.pixel(x & ~1, y, in: bytes)
      // Two neighbours share their chroma; each has its own luma.
      pixel.luma = geometry.luma(x, y, in: bytes)
      line.append(pixel.rgb.red)
      line.append(pixel.rgb.green)
      line.append(pixel.rgb.blue)
    }
  }
}

extension Pixel {
  /// RGB of limited-range YCbCr, in whole numbers (ITU-R BT.601, with coefficients of 1/256).
  fileprivate var rgb: (red: UInt8, green: UInt8, blue: UInt8) {
    let (y, u, v) = (298 * (luma - 16) + 128, blue - 128, red - 128)
    return (
      UInt8(clamping: (y + 409 * v) >> 8), UInt8(clamping: (y - 100 * u - 208 * v) >> 8),
      UInt8(clamping: (y + 516 * u) >> 8)
    )
  }
}
