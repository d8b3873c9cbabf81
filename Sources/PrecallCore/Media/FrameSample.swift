/// One frame as the camera delivered it, judged on its native bytes.
package struct FrameSample: Sendable, Equatable {
  /// When it came, on our own clock, counted from the start of streaming: drivers' times are unreliable.
  package var arrivedAt: Microseconds
  /// The driver's count; a gap means that frames were lost. Nothing where the host gives none (browsers).
  package var sequence: Int64?
  package var fault: FrameFault?
  /// Bit for bit the same as the frame before.
  package var isRepeat: Bool
  /// Nothing for damaged frames and for those that were not decoded, to save work.
  package var picture: PictureStatistics?

  package init(
    arrivedAt: Microseconds, sequence: Int64? = nil, fault: FrameFault? = nil, isRepeat: Bool = false,
    picture: PictureStatistics? = nil
  ) {
    self.arrivedAt = arrivedAt
    self.sequence = sequence
    self.fault = fault
    self.isRepeat = isRepeat
    self.picture = picture
  }
}

/// What is wrong with a frame.
package enum FrameFault: Int, Sendable, CaseIterable {
  /// The driver marked it (V4L2_BUF_FLAG_ERROR).
  case marked
  /// Fewer bytes than an uncompressed picture of that size has.
  case short
  /// No JPEG at all where one was negotiated.
  case notJPEG
  /// The JPEG has no end.
  case cutShort
  /// The JPEG's data have marks that can't be there, or no decoder can read them.
  case garbled
  /// The JPEG is of another size than negotiated.
  case wrongSize

  package var name: StaticString {
    switch self {
    case .marked: "marked"
    case .short: "short"
    case .notJPEG: "not-jpeg"
    case .cutShort: "cut-short"
    case .garbled: "garbled"
    case .wrongSize: "wrong-size"
    }
  }
}
