import PrecallCamera
import PrecallCore

extension CameraMode {
  var largest: PictureSize { sizes?.largest ?? PictureSize(width: Int64(width), height: Int64(height)) }

  /// `MJPG  1280x720  30.0/s, 15.0/s`; of a range its ends.
  var line: String {
    let size = sizes.map { "\($0.smallest.words) to \($0.largest.words)" } ?? "\(width)x\(height)"
    let lowest = lowestRate.map { [Wording.text(.frameRate($0))] } ?? []
    let listed = rates.map { Wording.text(.frameRate($0)) }
    let words = (lowest + listed).joined(separator: lowest.isEmpty ? ", " : " to ")
    return [Wording.text(format.text), size, words].filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// A range has the keys of its ends, a size those of a size.
  func write(to json: inout JSONWriter) {
    json.member("format", format.text)
    if let sizes {
      json.member("smallest", Array(sizes.smallest.words.utf8))
      json.member("largest", Array(sizes.largest.words.utf8))
    } else {
      json.member("width", Int64(width))
      json.member("height", Int64(height))
    }
    if let lowestRate { json.member("lowest_mhz", lowestRate.base) }
    json.key("rates_mhz")
    json.array { json in for rate in rates { json.value(rate.base) } }
  }
}

extension PictureSize {
  var words: String { "\(width)x\(height)" }
}
