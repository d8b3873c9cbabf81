import Foundation
import FoundationNetworking
import PrecallCore
import Synchronization

/// One request over HTTP whose answer is short, comes soon, and from the server that was asked.
final class BoundedAnswer: NSObject, URLSessionDataDelegate {
  struct Answer {
    var status: Int
    var body: Text
  }

  private static let longest = 1 << 16
  /// Seconds for the whole exchange.
  private static let limit = 10.0

  private let body = Mutex(Text())
  private let waiting: CheckedContinuation<Answer, any Error>

  private init(for waiting: CheckedContinuation<Answer, any Error>) { self.waiting = waiting }

  static func ask(_ method: String, _ url: URL, bearer: String, _ body: Text?) async throws -> Answer {
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.setValue("Bearer \(bearer)", forHTTPHeaderField: "Authorization")
    request.httpBody = body.map { Data($0) }
    let settings = URLSessionConfiguration.ephemeral
    settings.timeoutIntervalForRequest = limit
    settings.timeoutIntervalForResource = limit
    return try await withCheckedThrowingContinuation { waiting in
      let session = URLSession(
        configuration: settings, delegate: BoundedAnswer(for: waiting), delegateQueue: nil)
      session.dataTask(with: request).resume()
      session.finishTasksAndInvalidate()
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLong = body.withLock { body in
      body += data
      return body.count > Self.longest
    }
    if isTooLong { dataTask.cancel() }
  }

  /// The token is for nobody else.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    guard error == nil, let response = task.response as? HTTPURLResponse else {
      return waiting.resume(throwing: error ?? URLError(.badServerResponse))
    }
    waiting.resume(returning: Answer(status: response.statusCode, body: body.withLock { $0 }))
  }
}
