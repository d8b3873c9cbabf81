/// What is kept of a picture: a handful of numbers from which nobody can be recognised.
package struct PictureStatistics: Sendable, Equatable {
  /// Mean luma in thousandths; 16,000 is black and 235,000 white (ITU-R BT.601).
  package var luma: Int64
  /// Standard deviation of luma, in thousandths.
  package var deviation: Int64
  /// Share of pixels below Y 32: black to the eye (10 % of the range, as FFmpeg's blackdetect).
  package var dark: Share
  /// Share of pixels from Y 230 on: burnt out.
  package var bright: Share
  /// Mean of the blue and of the red chroma, in thousandths; 128,000 is colourless.
  package var blue: Int64
  package var red: Int64
  /// How sharp it is; nothing where that was not looked at, or where there is too little to be sharp.
  package var sharpness: Share?

  package static let darkBelow = 32
  package static let brightFrom = 230
  /// Every picture is looked at in a grid of at most this many columns and lines, whatever its size.
  static let columns = 160
  static let lines = 120

  package init(
    luma: Int64, deviation: Int64, dark: Share = .zero, bright: Share = .zero, blue: Int64 = 128_000,
    red: Int64 = 128_000, sharpness: Share? = nil
  ) {
    self.luma = luma
    self.deviation = deviation
    self.dark = dark
    self.bright = bright
    self.blue = blue
    self.red = red
    self.sharpness = sharpness
  }

  /// Reduces a picture; nothing where `bytes` are too few for a picture of that size.
  ///
  /// - Parameter detail: whether to look at its sharpness too, which is dear in a large picture.
  package init?(
    of bytes: Span<UInt8>, _ layout: PixelLayout, width: Int, height: Int, stride: Int? = nil,
    detail: Bool = true
  ) {
    guard width <= PictureGeometry.longest, height <= PictureGeometry.longest,
      let picture = PictureGeometry(
        layout, width: width, height: height, stride: stride ?? width * layout.step, count: bytes.count)
    else { return nil }
    var sums = Sums()
    let across = max(2, (width + Self.columns - 1) / Self.columns) / 2 * 2
    let down = max(1, (height + Self.lines - 1) / Self.lines)
    var y = 0
    while y < height {
      var x = 0
      while x < width - 1 {
        sums.add(picture.pixel(x, y, in: bytes))
        x += across
      }
      y += down
    }
    self.init(sums)
    if detail { sharpness = Sharpness.of(picture, width: width, height: height, in: bytes) }
  }

  private init(_ sums: Sums) {
    let count = Int64(sums.count)
    luma = sums.luma * 1_000 / count
    blue = sums.blue * 1_000 / count
    red = sums.red * 1_000 / count
    let mean = Double(sums.luma) / Double(count)
    let variance = Double(sums.squares) / Double(count) - mean * mean
    deviation = rounded(max(0, variance).squareRoot() * 1_000)
    dark = Share(sums.dark, of: sums.count)
    bright = Share(sums.bright, of: sums.count)
  }

  /// Whole-number sums, so that every host comes to the same figures.
  private struct Sums {
    var count = 0
    var luma: Int64 = 0
    var squares: Int64 = 0
    var blue: Int64 = 0
    var red: Int64 = 0
    var dark = 0
    var bright = 0

    mutating func add(_ pixel: Pixel) {
      count += 1
      luma += Int64(pixel.luma)
      squares += Int64(pixel.luma * pixel.luma)
      blue += Int64(pixel.blue)
      red += Int64(pixel.red)
      if pixel.luma < PictureStatistics.darkBelow { dark += 1 }
      if pixel.luma >= PictureStatistics.brightFrom { bright += 1 }
    }
  }
}

extension PictureStatistics {
  /// Brightness as a share of the range from black (Y 16) to white (Y 235).
  package var brightness: Share { Share(base: max(0, min(1_000_000, (luma - 16_000) * 1_000 / 219))) }
  /// Contrast: the standard deviation of luma as a share of that range.
  package var contrast: Share { Share(base: deviation * 1_000 / 219) }
  /// At least 98 % of the pixels are black, as FFmpeg's blackdetect has it.
  package var isBlack: Bool { dark.base >= 980_000 }
  /// All parts are zero, which YUV shows as green: a buffer that nobody filled.
  package var isEmpty: Bool { luma < 4_000 && blue < 16_000 && red < 16_000 }
  /// A mean chroma further than 40 from colourless.
  package var isTinted: Bool { abs(blue - 128_000) > 40_000 || abs(red - 128_000) > 40_000 }
}
