import PrecallWire

/// Answers a STUN binding request (RFC 8489 section 6.3.1) on the reflector's port, which tells a client its
/// address as others see it, and whether UDP gets out at all.
///
/// A request must be as long as its answer, 32 octets over IPv4 and 44 over IPv6, which needs PADDING
/// (RFC 5780 section 7.6), SOFTWARE or another attribute: a bare one of 20 octets would let a stranger's
/// address be flooded with 1.6 times as much. Bare is what most programs send (coturn's turnutils_stunclient,
/// libnice), 28 octets with FINGERPRINT: they get no answer here, and one of the TURN server beside this one.
enum BindingAnswer {
  /// Attributes that a client must not send unless the server understands them, and that we do or need not.
  private static let understood: [UInt16] = [STUN.username, STUN.realm, STUN.nonce, STUN.padding]

  static func octets(to octets: [UInt8], from sender: SenderAddress) throws(Reflection.Refusal) -> [UInt8] {
    guard let request = STUNMessage(octets), request.kind == .request, request.method == .binding else {
      throw .malformed
    }
    let answer = answer(to: request, from: STUNAddress(sender))
    let full = answer.encode(fingerprint: true)
    let bare = answer.encode()
    guard bare.count <= octets.count else { throw .tooShort }
    return full.count <= octets.count ? full : bare
  }

  private static func answer(to request: STUNMessage, from address: STUNAddress) -> STUNMessage {
    let unknown = request.attributes.map(\.type).filter { $0 < 0x8000 && !understood.contains($0) }
    guard unknown.isEmpty else {
      return STUNMessage(
        .error, .binding, request.transaction,
        [
          .init(STUN.errorCode, STUNError(code: STUNError.unknownAttribute).value),
          .init(STUN.unknownAttributes, unknown.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }),
        ])
    }
    return STUNMessage(
      .success, .binding, request.transaction,
      [.init(STUN.xorMappedAddress, address.xor(request.transaction))])
  }
}
