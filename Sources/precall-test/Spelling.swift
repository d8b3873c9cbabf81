/// How far one spelling is from another.
enum Spelling {
  /// The Levenshtein distance: how many letters must be added, taken away or changed.
  static func distance(_ one: String, _ other: String) -> Int {
    let one = Array(one), other = Array(other)
    var row = Array(0...other.count)
    for (index, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let changed = diagonal + (letter == other[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(changed, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[other.count]
  }

  /// The nearest of `words`, where one is near enough to be meant.
  static func nearest(to word: String, among words: [String]) -> String? {
    let nearest = words.map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
    guard let nearest, nearest.0 <= max(2, word.count / 3) else { return nil }
    return nearest.1
  }
}
