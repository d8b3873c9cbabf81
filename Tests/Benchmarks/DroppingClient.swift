/// A client of plain HTTP that drops the body without looking at it (tcp(7), MSG_TRUNC), so that neither its
/// copying nor what the processor's cache holds of the bytes slows it down.
enum DroppingClient {
  private static let script = """
    import socket, sys
    port, path, missing = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    server = socket.create_connection(("127.0.0.1", port))
    server.sendall(f"GET {path} HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n".encode())
    room = bytearray(4 << 20)
    while missing > 0:
        count = server.recv_into(room, len(room), socket.MSG_TRUNC)
        if not count: sys.exit(1)
        missing -= count
    """

  /// Downloads `bytes` on `core`, and tells the seconds of processor time that this took here; none where fewer came.
  static func download(_ path: String, bytes: Int, from port: UInt16, on core: Int) -> Double? {
    let python = ["/usr/bin/taskset", "-c", "\(core)", "/usr/bin/python3", "-c", script]
    let run = Run.of(python + ["\(port)", path, "\(bytes)"])
    return run?.status == 0 ? run?.cpu : nil
  }
}
