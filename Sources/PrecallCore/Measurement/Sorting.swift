/// The places of `keys` from the least to the greatest, equal ones in the order they have: a merge sort from
/// the bottom up (Knuth, The Art of Computer Programming, section 5.2.4).
///
/// It is the only sort of the engine. The standard library's is compiled anew for every kind of element,
/// which made a tenth of the browser's engine.
@inline(never)
func ascending(_ keys: [Int64]) -> [Int] {
  var order = Array(0..<keys.count)
  var merged = order
  var width = 1
  while width < keys.count {
    var start = 0
    while start < keys.count {
      let middle = min(start + width, keys.count)
      let end = min(middle + width, keys.count)
      var left = start
      var right = middle
      for place in start..<end {
        if left < middle, right == end || keys[order[left]] <= keys[order[right]] {
          merged[place] = order[left]
          left += 1
        } else {
          merged[place] = order[right]
          right += 1
        }
      }
      start = end
    }
    swap(&order, &merged)
    width *= 2
  }
  return order
}
