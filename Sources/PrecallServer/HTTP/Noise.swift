import CLinuxNet
import Glibc
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Bytes that can't be compressed, made once for all downloads, over and over where one is longer.
///
/// They lie in memory and in a file without a name: what goes out unchanged, without TLS, is sent from the file
/// by the kernel (sendfile(2)), which then copies nothing.
final class Noise: Sendable {
  /// Made once, whoever has downloads; not a number at a time, for each of which the kernel would be asked.
  private static let bytes: ByteBuffer = {
    let length = 4 << 20
    var buffer = ByteBuffer()
    unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      unsafe arc4random_buf(start, length)
      return length
    }
    return buffer
  }()

  private let buffer = Noise.bytes
  /// None where the kernel gave none.
  private let file: NIOFileHandle?

  /// The file is for bodies that are sent unchanged.
  init(withFile: Bool) {
    file = withFile ? Self.file(of: buffer) : nil
  }

  deinit { try? file?.close() }

  private static func file(of buffer: ByteBuffer) -> NIOFileHandle? {
    let descriptor = precall_net_nameless_file()
    guard descriptor >= 0 else { return nil }
    let written = unsafe buffer.withUnsafeReadableBytes {
      unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard written == buffer.readableBytes else {
      close(descriptor)
      return nil
    }
    return NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
  }

  /// Where a download takes its bytes from; used on the channel's event loop, and closed there.
  func source(for channel: any Channel) -> Source {
    let encoder = try? channel.pipeline.syncOperations.context(handlerType: HTTP1ToHTTPServerCodec.self)
    // A handle may be in use by one event loop at a time.
    guard let encoder, let own = try? file?.duplicate() else { return Source(channel, buffer, nil) }
    return Source(channel, buffer, (own, encoder))
  }

  /// The bytes of one download.
  struct Source {
    private let channel: any Channel
    private let buffer: ByteBuffer
    /// With what lies in front of HTTP/1.1's encoder, which alone takes parts of files.
    private let file: (handle: NIOFileHandle, front: ChannelHandlerContext)?

    fileprivate init(
      _ channel: any Channel, _ buffer: ByteBuffer,
      _ file: (handle: NIOFileHandle, front: ChannelHandlerContext)?
    ) {
      (self.channel, self.buffer, self.file) = (channel, buffer, file)
    }

    /// Writes up to `length` bytes from the `start`th on, without sending them yet; tells how many.
    func write(from start: Int, upTo length: Int, _ promise: EventLoopPromise<Void>) -> Int {
      let start = start % buffer.readableBytes
      let length = min(length, buffer.readableBytes - start)
      if let file, channel.isActive {
        let region = FileRegion(
          fileHandle: file.handle, readerIndex: start, endIndex: start + length)
        file.front.write(NIOAny(HTTPServerResponsePart.body(.fileRegion(region))), promise: promise)
      } else {
        let slice = buffer.getSlice(at: start, length: length) ?? ByteBuffer()
        channel.write(HTTPResponsePart.body(slice), promise: promise)
      }
      return length
    }

    /// To be called when nothing written is under way any more.
    func close() { try? file?.handle.close() }
  }
}
