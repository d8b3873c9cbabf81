/// Round-trip times of small HTTP requests on an open connection: what a browser can time, having no UDP.
///
/// They hold the server's time to answer and the browser's to hand it on, so they are a little longer than
/// those of test packets, and they say nothing of loss: TCP repeats what is lost.
package struct Pings: Sendable, Hashable {
  package static let most = 2_000
  package var idle: [Microseconds] = []
  package var download: [Microseconds] = []
  package var upload: [Microseconds] = []

  package init() {}

  package func times(under load: Load) -> [Microseconds] {
    switch load {
    case .idle: idle
    case .download: download
    case .upload: upload
    default: []
    }
  }
}

extension Pings {
  init(json: JSONValue) throws(JSONError) {
    idle = try Self.times(json["idle_us"])
    download = try Self.times(json["download_us"])
    upload = try Self.times(json["upload_us"])
  }

  static func times(_ json: JSONValue?) throws(JSONError) -> [Microseconds] {
    guard let json else { return [] }
    var times: [Microseconds] = []
    for item in json.array ?? [] {
      guard let time = item.integer, (0...60_000_000).contains(time), times.count < most else {
        throw JSONError(.expected("a list of times in microseconds"), path: StaticString("pings").bytes)
      }
      times.append(Microseconds(base: time))
    }
    return times
  }

  func write(to json: inout JSONWriter) {
    Self.write(idle, as: "idle_us", to: &json)
    Self.write(download, as: "download_us", to: &json)
    Self.write(upload, as: "upload_us", to: &json)
  }

  static func write(_ times: [Microseconds], as key: StaticString, to json: inout JSONWriter) {
    json.key(key)
    json.array { json in
      for time in times { json.value(time.base) }
    }
  }
}
