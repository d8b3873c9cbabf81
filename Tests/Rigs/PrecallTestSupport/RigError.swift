import Glibc

/// Why a rig could not be built.
package struct RigError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// Waits up to 20 s for `condition`; `complaint` is thrown where it never holds.
package func wait(_ complaint: @autoclosure () -> String, until condition: () -> Bool) throws {
  let end = ContinuousClock.now + .seconds(20)
  while ContinuousClock.now < end {
    if condition() { return }
    usleep(10_000)
  }
  throw RigError(complaint())
}
