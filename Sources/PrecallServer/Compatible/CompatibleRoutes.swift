import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore

/// What clients of other test services ask for, within the limits of this server: responsiveness
/// (draft-ietf-ippm-responsiveness), Cloudflare's and LibreSpeed's tests. They keep nothing either.
struct CompatibleRoutes: Sendable {
  /// A probe on the same connection waits for one part at most.
  private static let pace = DownloadPace(least: 16_384, most: 16_384, parts: 1)
  /// What clients of responsiveness expect the large object to be (at least 8 GB); it ends at a limit.
  private static let largeObject = 8_589_934_592

  private let usesTLS: Bool
  private let proxies: TrustedProxies
  private let download: Download
  private let upload: Upload

  init(limits: ServerLimits, usesTLS: Bool, proxies: TrustedProxies, slots: TestSlots) {
    (self.usesTLS, self.proxies) = (usesTLS, proxies)
    download = Download(limits: limits, slots: slots, pace: Self.pace, noise: Noise(withFile: false))
    upload = Upload(limits: limits, slots: slots)
  }

  func router() -> Router<MeasurementContext> {
    // Some clients time HEAD requests.
    let router = Router(context: MeasurementContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: AnswerMiddleware(usesTLS: usesTLS))
    // LibreSpeed's page sends Content-Encoding. Who asks from where (getIP) is for no other page to read.
    router.add(
      middleware: CrossOriginMiddleware(
        ["/__down", "/__up", "/backend/garbage.php", "/backend/empty.php"],
        fields: "Content-Type, Content-Encoding"))
    router.add(middleware: ClientAddressMiddleware(proxies: proxies))
    addResponsiveness(to: router)
    router.get("__down") { request, context in try cloudflareDown(request, context) }
    router.post("__up") { request, context in try await cloudflareUp(request, context) }
    router.get("backend/garbage.php") { request, context in try garbage(request, context) }
    router.get("backend/empty.php") { _, _ in Self.empty }
    router.post("backend/empty.php") { request, context in
      try await upload.answer(request, context) { _ in Self.empty }
    }
    router.get("backend/getIP.php") { _, context in Self.asker(context) }
    return router
  }

  private static var empty: Response { Response(status: .ok, headers: [.cacheControl: "no-store"]) }
}

// MARK: Responsiveness

extension CompatibleRoutes {
  private func addResponsiveness(to router: Router<MeasurementContext>) {
    for path in [".well-known/nq", "config"] as [RouterPath] {
      router.get(path) { request, _ in try configuration(for: request) }
    }
    router.get("nq/small") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/octet-stream", .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: [0])))
    }
    router.get("nq/large") { _, context in
      try download.answer(download.limits.downloadBytes, promising: Self.largeObject, context)
    }
    router.post("nq/upload") { request, context in
      try await upload.answer(request, context) { _ in Self.empty }
    }
  }

  /// Both sets of names: those of the draft, and those that clients of its earlier versions read.
  private func configuration(for request: Request) throws -> Response {
    guard let authority = request.head.authority, Self.isAuthority(authority) else {
      throw Problem.badRequest
    }
    let base = "\(usesTLS ? "https" : "http")://\(authority)/nq/"
    var json = JSONWriter()
    json.object { json in
      json.member("version", 1)
      json.key("urls")
      json.object { json in
        json.member("small_download_url", Text((base + "small").utf8))
        json.member("large_download_url", Text((base + "large").utf8))
        json.member("upload_url", Text((base + "upload").utf8))
        json.member("small_https_download_url", Text((base + "small").utf8))
        json.member("large_https_download_url", Text((base + "large").utf8))
        json.member("https_upload_url", Text((base + "upload").utf8))
      }
    }
    return Response(json: json)
  }

  /// A name or address with or without a port; nothing else comes back in an answer.
  private static func isAuthority(_ text: String) -> Bool {
    (1...261).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-._:[]".utf8.contains(byte)
        }
      }
  }
}

// MARK: Cloudflare and LibreSpeed

extension CompatibleRoutes {
  private func cloudflareDown(_ request: Request, _ context: MeasurementContext) throws -> Response {
    let start = ContinuousClock.now
    guard let text = request.uri.queryParameters["bytes"], let count = Int(text), count >= 0 else {
      throw Problem.badByteCount
    }
    // Clients reckon with what they asked for, so less is no answer.
    guard count <= download.limits.downloadBytes else { throw Problem.tooManyBytes }
    var response = try download.answer(count, promising: count, context)
    response.headers[.serverTiming] = Self.timing(ContinuousClock.now - start)
    return response
  }

  /// Clients take the server's time for that in which their bytes arrived.
  private func cloudflareUp(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    try await upload.answer(request, context) { receipt in
      var response = Self.empty
      response.headers[.serverTiming] = Self.timing(.microseconds(receipt.elapsed.base))
      return response
    }
  }

  /// Never zero, by which clients divide.
  private static func timing(_ duration: Duration) -> String {
    "cfRequestDuration;dur=\(max(duration, .microseconds(1)).milliseconds)"
  }

  /// `ckSize` chunks of 1 MiB, four where none is asked for.
  private func garbage(_ request: Request, _ context: MeasurementContext) throws -> Response {
    guard let chunks = Int(request.uri.queryParameters["ckSize"] ?? "4"), chunks > 0 else {
      throw Problem.badByteCount
    }
    let limit = download.limits.downloadBytes
    let count = chunks > limit >> 20 ? limit : chunks << 20
    return try download.answer(count, promising: count, context)
  }

  /// The asker's own address, told to nobody else and kept nowhere.
  private static func asker(_ context: MeasurementContext) -> Response {
    let mapped = "::ffff:"
    let address = context.clientAddress
    let plain =
      address.hasPrefix(mapped) && address.contains(".") ? address.dropFirst(mapped.count) : address[...]
    var json = JSONWriter()
    json.object { json in
      json.member("processedString", Text(plain.utf8))
      json.member("rawIspInfo", "")
    }
    return Response(json: json)
  }
}

extension Problem {
  fileprivate static let tooManyBytes = Problem(
    status: .badRequest, code: "too-many-bytes", detail: "bytes is more than the server sends at once.")
}
