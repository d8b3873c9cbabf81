/// How sharp a picture is, whatever its contrast and however much there is to see in it.
///
/// The energy of the Laplacian (J. L. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR
/// 2000) falls with blur, but with contrast and detail too. So it is taken twice, between neighbours and between
/// points four times as far apart, of which blur takes the finer first, and the two are divided: the root of
/// the ratio is 1/2 at a sharp edge, 1 in pure noise, and nears 1/16 the more an edge is washed out.
///
/// It works on a sketch of at most 160 columns, so that noise averages out, and every size of picture is judged
/// by what is left of a face in it: photographs are above 0.26, and come to 0.13 with a Gaussian blur of 0.7 % of
/// the picture's width, which leaves no eyes to look into.
struct Sharpness {
  private let across: Int
  private let down: Int
  /// Sums of luma; small as it is, it is a picture, and wiped.
  private var cells: [Int32]
  /// Pixels of a cell that are looked at, in each direction.
  private let depth: Int
  private static let far = 4
  /// Where the coarse energy is below that of 4 steps of luma, there is nothing to be sharp: a wall, the dark.
  private static let leastEnergy: Int64 = 16

  /// The share; nothing where the picture is too small or has too little in it.
  static func of(_ picture: PictureGeometry, width: Int, height: Int, in bytes: Span<UInt8>) -> Share? {
    guard var sketch = Sharpness(picture, width: width, height: height, in: bytes) else { return nil }
    let share = sketch.share
    for index in sketch.cells.indices { sketch.cells[index] = 0 }
    return share
  }

  private init?(_ picture: PictureGeometry, width: Int, height: Int, in bytes: Span<UInt8>) {
    let cell = max(
      (width + PictureStatistics.columns - 1) / PictureStatistics.columns,
      (height + PictureStatistics.lines - 1) / PictureStatistics.lines)
    (across, down, depth) = (width / cell, height / cell, min(2, cell))
    guard across > 2 * Self.far, down > 2 * Self.far else { return nil }
    cells = [Int32](repeating: 0, count: across * down)
    for index in cells.indices {
      let (left, top) = (index % across * cell, index / across * cell)
      var sum = 0
      for part in 0..<(depth * depth) {
        let x = left + part % depth * cell / depth + cell / (2 * depth)
        let y = top + part / depth * cell / depth + cell / (2 * depth)
        sum += picture.luma(x, y, in: bytes)
      }
      cells[index] = Int32(truncatingIfNeeded: sum)
    }
  }

  private var share: Share? {
    var (fine, coarse): (Int64, Int64) = (0, 0)
    for y in Self.far..<(down - Self.far) {
      for x in Self.far..<(across - Self.far) {
        fine += energy(x, y, reach: 1)
        coarse += energy(x, y, reach: Self.far)
      }
    }
    let count = Int64((down - 2 * Self.far) * (across - 2 * Self.far))
    let unit = Int64(depth * depth * depth * depth)
    guard coarse >= Self.leastEnergy * unit * count else { return nil }
    let ratio = (Double(fine) / Double(coarse)).squareRoot()
    return Share(base: min(1_000_000, rounded(ratio * 1_000_000)))
  }

  private func energy(_ x: Int, _ y: Int, reach: Int) -> Int64 {
    let at = y * across + x
    let beside = cells[at - reach] + cells[at + reach]
    let over = cells[at - reach * across] + cells[at + reach * across]
    let difference = Int64(4 * cells[at] - beside - over)
    return difference * difference
  }
}
