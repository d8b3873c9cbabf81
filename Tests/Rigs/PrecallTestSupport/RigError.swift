/// Why a rig could not be built.
package struct RigError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
