/// The browser's way into the engine: functions over bytes in its memory, and nothing imported.
///
/// `precall_allocate(n)` gives room for a request (0 where it is over
/// `Judge.maximumBytes`), `precall_judge(pointer, n)` an answer that begins with its
/// length in 4 bytes (little-endian), and `precall_release(pointer)` takes back either.
@_expose(wasm, "precall_allocate") @_cdecl("precall_allocate")
public func allocate(_ count: Int32) -> UnsafeMutableRawPointer? {
  guard count > 0, Int(count) <= Judge.maximumBytes else { return nil }
  return UnsafeMutableRawPointer.allocate(byteCount: Int(count), alignment: 16)
}

/// Takes back what `precall_allocate` or `precall_judge` gave.
@_expose(wasm, "precall_release") @_cdecl("precall_release")
public func release(_ pointer: UnsafeMutableRawPointer?) {
  unsafe pointer?.deallocate()
}

/// The answer of `Judge` to the request at `pointer`, which stays the caller's, as the answer becomes.
@_expose(wasm, "precall_judge") @_cdecl("precall_judge")
public func judge(_ pointer: UnsafeRawPointer?, _ count: Int32) -> UnsafeMutableRawPointer {
  var request: Text = []
  if let pointer = unsafe pointer, count > 0 {
    request = unsafe Text(UnsafeRawBufferPointer(start: pointer, count: Int(count)))
  }
  return unsafe answer(Judge.answer(to: request))
}

/// `text` behind its length.
func answer(_ text: Text) -> UnsafeMutableRawPointer {
  let result = UnsafeMutableRawPointer.allocate(byteCount: 4 + text.count, alignment: 16)
  unsafe result.storeBytes(of: UInt32(text.count).littleEndian, as: UInt32.self)
  unsafe text.withUnsafeBytes { bytes in
    if let start = bytes.baseAddress {
      unsafe (result + 4).copyMemory(from: start, byteCount: bytes.count)
    }
  }
  return unsafe result
}
