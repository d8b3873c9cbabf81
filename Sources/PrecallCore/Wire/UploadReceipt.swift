/// The server's answer to `POST /v1/upload`: what arrived and when, by the server's clock. The rate of an
/// upload is told by arrivals; a sender's own progress counts what fills its buffers.
package struct UploadReceipt: Sendable, Equatable {
  /// Bytes that arrived in one span of 50 ms, which begins `time` after the request did.
  package struct Arrival: Sendable, Equatable {
    package var time: Microseconds
    package var bytes: ByteCount

    package init(time: Microseconds, bytes: ByteCount) {
      self.time = time
      self.bytes = bytes
    }
  }

  package static let binWidth = Microseconds(base: 50_000)
  package var received: ByteCount
  package var elapsed: Microseconds
  package var arrivals: [Arrival]

  package init(received: ByteCount, elapsed: Microseconds, arrivals: [Arrival]) {
    self.received = received
    self.elapsed = elapsed
    self.arrivals = arrivals
  }

  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("received_bytes", received.base)
      json.member("elapsed_us", elapsed.base)
      json.key("arrivals")
      json.array { json in
        for arrival in arrivals {
          json.array { json in
            json.value(arrival.time.base)
            json.value(arrival.bytes.base)
          }
        }
      }
    }
  }

  package init(json: JSONValue) throws(JSONError) {
    guard let received = json.integer("received_bytes"), received >= 0,
      let elapsed = json.integer("elapsed_us"),
      elapsed >= 0, let list = json.array("arrivals")
    else { throw JSONError(.expected("a receipt of an upload")) }
    self.received = ByteCount(base: received)
    self.elapsed = Microseconds(base: elapsed)
    arrivals = []
    for item in list {
      guard let pair = item.array, pair.count == 2, let time = pair[0].integer, let bytes = pair[1].integer,
        time >= 0, bytes >= 0
      else { throw JSONError(.expected("pairs of a time and a count of bytes")) }
      arrivals.append(Arrival(time: Microseconds(base: time), bytes: ByteCount(base: bytes)))
    }
  }
}
