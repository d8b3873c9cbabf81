import Foundation
import PrecallTestSupport

/// Files that the browser's made-up microphone and camera play.
enum BrowserMedia {
  /// 16 bits, mono, 48 kHz.
  static func writeSound(_ samples: [Int16], to path: String) throws {
    var wave = Data("RIFF".utf8)
    func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { wave.append(contentsOf: $0) } }
    append(UInt32(36 + samples.count * 2))
    wave.append(Data("WAVEfmt ".utf8))
    for value in [16, 1 | 1 << 16, 48_000, 96_000, 2 | 16 << 16] as [UInt32] { append(value) }
    wave.append(Data("data".utf8))
    append(UInt32(samples.count * 2))
    for sample in samples { withUnsafeBytes(of: sample.littleEndian) { wave.append(contentsOf: $0) } }
    try wave.write(to: URL(filePath: path))
  }

  /// 640x480 at 30 a second; `luma` says how bright each point of each picture is. Grey, if `chroma` (Cb, Cr) is
  /// not another.
  static func writePicture(
    to path: String, frames: Int = 4, chroma: (UInt8, UInt8) = (128, 128),
    luma: (_ frame: Int, _ point: Int) -> UInt8
  ) throws {
    let (width, height) = (640, 480)
    var film = Data("YUV4MPEG2 W\(width) H\(height) F30:1 Ip A1:1 C420mpeg2\n".utf8)
    for frame in 0..<frames {
      film.append(Data("FRAME\n".utf8))
      film.append(contentsOf: (0..<(width * height)).map { luma(frame, $0) })
      for colour in [chroma.0, chroma.1] { film.append(Data(repeating: colour, count: width * height / 4)) }
    }
    try film.write(to: URL(filePath: path))
  }

  /// A picture with contrast that moves, as a person in a lit room gives.
  static func writeLitPicture(to path: String) throws {
    try writePicture(to: path, frames: 6) { frame, point in
      UInt8(60 + (point / 8 + frame * 37) % 120 + (point &* 2_654_435_761 >> 7 + frame) % 7)
    }
  }
}
