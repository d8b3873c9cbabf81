import PrecallCore
import Testing

@Suite struct CameraFrameTests {
  /// 4x2 pixels with luma 10, 20, 30, 40 on the first line and 230 on the second.
  let luma: [UInt8] = [10, 20, 30, 40, 230, 230, 230, 230]

  @Test func `Luma statistics are those worked out by hand`() throws {
    // Columns 0 and 2 are looked at: 10, 30, 230, 230: mean 125, deviation √(42 000 / 4).
    let picture = try #require(statistics(luma, .grey, width: 4, height: 2))
    #expect(picture.luma == 125_000)
    #expect(picture.deviation == 105_238)
    #expect(picture.dark == Share(2, of: 4))
    #expect(picture.bright == Share(2, of: 4))
    #expect(picture.blue == 128_000)
  }

  @Test func `The same picture has the same figures in every layout`() throws {
    let (y, u, v): ([UInt8], UInt8, UInt8) = ([50, 60, 70, 80, 90, 100, 110, 120], 90, 170)
    var yuyv: [UInt8] = []
    var uyvy: [UInt8] = []
    for (index, luma) in y.enumerated() {
      yuyv += [luma, index % 2 == 0 ? u : v]
      uyvy += [index % 2 == 0 ? u : v, luma]
    }
    let layouts: [(PixelLayout, [UInt8])] = [
      (.yuyv, yuyv), (.uyvy, uyvy), (.nv12, y + [u, v, u, v]), (.nv21, y + [v, u, v, u]),
      (.yuv420, y + [u, u, v, v]), (.yvu420, y + [v, v, u, u]),
    ]
    for (layout, bytes) in layouts {
      let picture = try #require(statistics(bytes, layout, width: 4, height: 2))
      #expect(picture.luma == 80_000)
      #expect(picture.blue == 90_000)
      #expect(picture.red == 170_000)
    }
  }

  @Test func `White, black and red of RGBA come to BT 601`() throws {
    func luma(_ pixel: [UInt8]) throws -> Int64 {
      let bytes = [[UInt8]](repeating: pixel, count: 4).flatMap(\.self)
      return try #require(statistics(bytes, .rgba, width: 2, height: 2)).luma
    }
    #expect(try luma([255, 255, 255, 255]) == 235_000)
    #expect(try luma([0, 0, 0, 255]) == 16_000)
    #expect(try luma([255, 0, 0, 255]) == 82_000)
  }

  @Test(arguments: PixelLayout.allCases)
  func `Too few bytes give no figures, never a crash`(_ layout: PixelLayout) {
    let size = layout.size(height: 6, stride: 8 * layout.step)
    for count in 0..<size {
      let bytes = [UInt8](repeating: 1, count: count)
      #expect(statistics(bytes, layout, width: 8, height: 6) == nil)
    }
    let bytes = [UInt8](repeating: 1, count: size)
    #expect(statistics(bytes, layout, width: 8, height: 6) != nil)
    #expect(statistics(bytes, layout, width: 0, height: 6) == nil)
    #expect(statistics(bytes, layout, width: Int.max, height: Int.max) == nil)
  }

  @Test(arguments: PixelLayout.allCases, [(7, 5), (641, 3), (2, 2), (16, 1_001)])
  func `Odd sizes are read without leaving the picture`(_ layout: PixelLayout, _ size: (Int, Int)) {
    let stride = (size.0 + 1) / 2 * 2 * layout.step
    let bytes = [UInt8](repeating: 77, count: layout.size(height: size.1, stride: stride))
    let picture = statistics(bytes, layout, width: size.0, height: size.1, stride: stride)
    #expect(picture != nil)
  }

  @Test func `A picture of zeros is an empty one, a black one is not`() throws {
    let zeros = [UInt8](repeating: 0, count: 32)
    let black: [UInt8] = [[UInt8]](repeating: [16, 128], count: 16).flatMap(\.self)
    let empty = try #require(statistics(zeros, .yuyv, width: 4, height: 4))
    let dark = try #require(statistics(black, .yuyv, width: 4, height: 4))
    #expect(empty.isEmpty)
    #expect(!dark.isEmpty)
    #expect(dark.isBlack)
    #expect(dark.brightness == .zero)
  }

  @Test func `One changed byte changes the fingerprint`() {
    var bytes = [UInt8](repeating: 3, count: 101)
    let before = PictureFingerprint.of(bytes.span)
    #expect(fingerprint(bytes) == before)
    for index in bytes.indices {
      bytes[index] ^= 1
      #expect(fingerprint(bytes) != before)
      bytes[index] ^= 1
    }
  }

  // SOI, SOF0 of 16x8, SOS, two bytes of data, EOI.
  let jpeg: [UInt8] = [
    0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12,
    0x34, 0xFF, 0xD9,
  ]

  func fault(_ bytes: [UInt8], _ width: Int = 16, _ height: Int = 8) -> FrameFault? {
    JPEGStructure.fault(in: bytes.span, width: width, height: height)
  }

  @Test func `A whole JPEG passes, with foreign bytes after its end too`() {
    #expect(fault(jpeg) == nil)
    #expect(fault(jpeg + [0, 0, 0, 0]) == nil)
    #expect(fault(jpeg + [1, 2, 3]) == nil)
  }

  @Test func `A JPEG that is cut anywhere is found`() {
    for count in 0..<jpeg.count { #expect(fault(Array(jpeg.prefix(count))) != nil, "cut to \(count)") }
    #expect(fault(Array(jpeg.dropLast(2))) == .cutShort)
  }

  @Test func `Another size, garbage and marks inside the data are told apart`() {
    #expect(fault(jpeg, 640, 480) == .wrongSize)
    #expect(fault([UInt8](repeating: 0x55, count: 100)) == .notJPEG)
    var garbled = jpeg
    garbled[25] = 0xFF
    garbled[26] = 0x55
    #expect(fault(garbled) == .garbled)
    #expect(fault(Array(jpeg[..<25]) + [0xFF, 0x00, 0xFF, 0xD3, 0x11, 0xFF, 0xD9]) == nil)
  }
}

/// Outside of the macros, which can't take spans.
private func statistics(
  _ bytes: [UInt8], _ layout: PixelLayout, width: Int, height: Int, stride: Int? = nil
) -> PictureStatistics? {
  PictureStatistics(of: bytes.span, layout, width: width, height: height, stride: stride)
}

private func fingerprint(_ bytes: [UInt8]) -> UInt64 { PictureFingerprint.of(bytes.span) }
