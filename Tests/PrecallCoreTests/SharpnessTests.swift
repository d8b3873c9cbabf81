import Foundation
import PrecallCore
import Testing

@Suite struct SharpnessTests {
  /// A head before a wall as luma, from black lines on grey to the hair, blurred by `blur` pixels of 1280.
  private static func portrait(_ width: Int, _ height: Int, blur: Double, contrast: Double = 1) -> [UInt8] {
    let scale = Double(width) / 1_280
    let soft = max(0.5, blur * scale)
    return (0..<width * height).map { (index: Int) -> UInt8 in
      let (x, y) = (Double(index % width) / scale, Double(index / width) / scale)
      let face = hypot((x - 640) / 150, (y - 300) / 190)
      let eyes = min(hypot(x - 570, y - 250), hypot(x - 710, y - 250)) / 22
      let shirt = hypot((x - 640) / 330, (y - 760) / 260)
      // How far inside each outline a point is, in pixels, washed out as by a Gaussian.
      func inside(_ distance: Double, _ radius: Double) -> Double {
        0.5 * erfc((distance - 1) * radius / (blur > 0 ? blur * 2.0.squareRoot() : soft))
      }
      let level = 150 - 90 * inside(shirt, 300) + 40 * inside(face, 170) - 130 * inside(eyes, 22)
      return UInt8(max(16, min(235, 120 + (level - 120) * contrast)))
    }
  }

  private static func sharpness(_ luma: [UInt8], _ width: Int, _ height: Int) -> Double? {
    PictureStatistics(of: luma.span, .grey, width: width, height: height)?.sharpness.map { $0.inPercent }
  }

  @Test(arguments: [(1_280, 720), (640, 480), (640, 360), (320, 180), (128, 72)])
  func `A sharp portrait is well above the limit, a blurred one below, at each size and contrast`(
    _ size: (Int, Int)
  ) throws {
    for contrast in [1.0, 0.4] {
      let sharp = Self.portrait(size.0, size.1, blur: 0, contrast: contrast)
      let blurred = Self.portrait(size.0, size.1, blur: 20, contrast: contrast)
      #expect(try #require(Self.sharpness(sharp, size.0, size.1)) > 20)
      #expect(try #require(Self.sharpness(blurred, size.0, size.1)) < 13)
    }
  }

  @Test func `The more blur, the less sharpness`() throws {
    let figures = try [0, 3, 6, 12, 24].map { blur in
      try #require(Self.sharpness(Self.portrait(1_280, 720, blur: blur), 1_280, 720))
    }
    for (one, next) in zip(figures, figures.dropFirst()) { #expect(next < one, "\(figures)") }
  }

  @Test func `A wall, its shading, the dark and noise are not called blurred`() throws {
    let wall: [UInt8] = (0..<230_400).map { (index: Int) -> UInt8 in
      let (x, y) = (index % 640, index / 640)
      return UInt8(150 + y / 12 + x / 20)
    }
    #expect(Self.sharpness(wall, 640, 360) == nil)
    #expect(Self.sharpness([UInt8](repeating: 20, count: 640 * 360), 640, 360) == nil)
    var seed: UInt32 = 7
    let noise: [UInt8] = (0..<230_400).map { (_: Int) -> UInt8 in
      seed = seed &* 1_664_525 &+ 1_013_904_223
      return UInt8(100 + (seed >> 24) % 64)
    }
    #expect(try #require(Self.sharpness(noise, 640, 360)) > 50)
  }

  @Test func `Pictures too small to have detail have no figure, and none leaves its bytes`() {
    for (width, height) in [(2, 2), (8, 8), (9, 9), (10, 200), (641, 3)] {
      let luma = [UInt8](repeating: 90, count: (width + 1) / 2 * 2 * height)
      #expect(Self.sharpness(luma, width, height) == nil)
    }
  }

  @Test func `It is looked at only where that is asked for`() {
    let luma = Self.portrait(640, 360, blur: 0)
    let picture = PictureStatistics(of: luma.span, .grey, width: 640, height: 360, detail: false)
    #expect(Self.sharpness(luma, 640, 360) != nil)
    let isMissing = picture?.sharpness == nil
    #expect(isMissing)
  }
}
