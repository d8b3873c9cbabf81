import PrecallWire

/// The secret shared with senders of authenticated STAMP (RFC 8762 section 4.4).
package func readStampKey(_ path: String) throws(ServerFailure) -> [UInt8] {
  let key = try readFile(path, "the STAMP key")
  guard key.count >= STAMPKey.minimumLength else {
    throw ServerFailure(
      .badConfiguration,
      "I tried to use the STAMP key \(path), but it has \(key.count) bytes; give at least "
        + "\(STAMPKey.minimumLength) random ones, as from head -c 32 /dev/urandom.")
  }
  return key
}

/// The secret that tickets are sealed with, so that several servers, or one after its restart, accept the
/// same tickets.
package func readTicketKey(_ path: String) throws(ServerFailure) -> [UInt8] {
  let key = try readFile(path, "the ticket key")
  guard key.count >= TicketOffice.minimumKeyLength else {
    throw ServerFailure(
      .badConfiguration,
      "I tried to use the ticket key \(path), but it has \(key.count) bytes; give at least "
        + "\(TicketOffice.minimumKeyLength) random ones, as from head -c 32 /dev/urandom.")
  }
  return key
}
