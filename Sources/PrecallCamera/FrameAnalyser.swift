import CV4L2
import PrecallCore

/// Reduces each frame to numbers, on the capture thread.
@safe struct FrameAnalyser: ~Copyable {
  private let picture: precall_v4l2_picture
  private let format: PixelFormat
  private var decoder: JPEGDecoder?
  private var fingerprint: UInt64?
  private var decodedAt: Microseconds?
  /// Once a picture could not be decoded, all of them are, so that their share can be told.
  private var isDoubted = false
  private var detailedAt: Microseconds?
  /// Decoding and looking at details are dear, and a picture does not change much in a moment.
  private static let decodingInterval = Microseconds(base: 200_000)
  private static let detailInterval = Microseconds(base: 500_000)

  init(_ picture: precall_v4l2_picture) {
    self.picture = picture
    format = PixelFormat(code: picture.format)
    decoder = format.isJPEG ? JPEGDecoder(picture) : nil
  }

  var size: (width: Int, height: Int) { (Int(picture.width), Int(picture.height)) }

  mutating func sample(
    _ bytes: Span<UInt8>, at time: Microseconds, sequence: UInt32, isMarked: Bool
  ) -> FrameSample {
    var sample = FrameSample(arrivedAt: time, sequence: Int64(sequence))
    sample.fault = isMarked ? .marked : fault(in: bytes)
    let print = PictureFingerprint.of(bytes)
    sample.isRepeat = print == fingerprint
    fingerprint = print
    guard sample.fault == nil else { return sample }
    let isDetailed = detailedAt.map { time - $0 >= Self.detailInterval } ?? true
    if isDetailed { detailedAt = time }
    if let layout = format.layout {
      sample.picture = PictureStatistics(
        of: bytes, layout, width: Int(picture.width), height: Int(picture.height), stride: stride(layout),
        detail: isDetailed)
    } else if isDoubted || decodedAt.map({ time - $0 >= Self.decodingInterval }) ?? true {
      decodedAt = time
      sample.picture = decoder?.statistics(of: bytes, detail: isDetailed)
      if sample.picture == nil { (sample.fault, isDoubted) = (.garbled, true) }
    }
    return sample
  }

  /// Shows `look` the pixels of a frame, decoded where they are JPEG; a damaged frame has none.
  mutating func withPixels(
    of bytes: Span<UInt8>, _ look: (_ pixels: Span<UInt8>, _ layout: PixelLayout, _ stride: Int) -> Void
  ) {
    guard fault(in: bytes) == nil else { return }
    if let layout = format.layout {
      look(bytes, layout, stride(layout))
    } else {
      let width = Int(picture.width)
      _ = decoder?.decode(bytes) { look($0, .yuv420, width) }
    }
  }

  private func fault(in bytes: Span<UInt8>) -> FrameFault? {
    if format.isJPEG {
      return JPEGStructure.fault(in: bytes, width: Int(picture.width), height: Int(picture.height))
    }
    guard let layout = format.layout else { return nil }
    return bytes.count < layout.size(height: Int(picture.height), stride: stride(layout)) ? .short : nil
  }

  /// Lines may be longer than their pixels; a driver that says nothing means that they are not.
  private func stride(_ layout: PixelLayout) -> Int {
    max(Int(picture.stride), Int(picture.width) * layout.step)
  }
}

/// libv4lconvert, which decodes for us as it does for other programs; its pixels are wiped at once.
@safe struct JPEGDecoder: ~Copyable {
  private let converter: UnsafeMutableRawPointer
  private let picture: precall_v4l2_picture
  private var pixels: [UInt8]

  init?(_ picture: precall_v4l2_picture) {
    guard picture.width > 0, picture.height > 0, picture.width <= 8_192, picture.height <= 8_192,
      let converter = unsafe precall_v4l2_converter()
    else { return nil }
    unsafe self.converter = unsafe converter
    self.picture = picture
    pixels = [UInt8](repeating: 0, count: Int(picture.width) * Int(picture.height) * 3 / 2)
  }

  deinit { unsafe precall_v4l2_free_converter(converter) }

  mutating func statistics(of bytes: Span<UInt8>, detail: Bool) -> PictureStatistics? {
    let (width, height) = (Int(picture.width), Int(picture.height))
    return decode(bytes) {
      PictureStatistics(of: $0, .yuv420, width: width, height: height, detail: detail)
    } ?? nil
  }

  /// Shows `look` the picture as planar YUV 4:2:0; nothing where it can't be decoded.
  mutating func decode<Result>(_ bytes: Span<UInt8>, _ look: (Span<UInt8>) -> Result) -> Result? {
    let (converter, picture) = unsafe (converter, picture)
    let result = unsafe pixels.withUnsafeMutableBytes { room in
      unsafe bytes.withUnsafeBytes { data in
        unsafe precall_v4l2_decode(
          converter, picture, data.baseAddress, data.count, room.baseAddress, room.count)
      }
    }
    defer {
      unsafe pixels.withUnsafeMutableBytes { room in
        _ = unsafe room.initializeMemory(as: UInt8.self, repeating: 0)
      }
    }
    return result > 0 ? look(pixels.span) : nil
  }
}
