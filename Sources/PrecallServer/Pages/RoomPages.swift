/// The pages of the waiting room in every language, made once.
struct RoomPages: Sendable {
  /// What a link can turn out to be.
  enum Kind: String, CaseIterable, Sendable {
    case client, provider
    case unknown, expired, revoked, tooMany = "too-many"

    var template: String {
      switch self {
      case .client: "room/client.html"
      case .provider: "room/provider.html"
      case .unknown, .expired, .revoked, .tooMany: "room/link.html"
      }
    }
  }

  private let pages: [String: Asset]

  init(_ library: AssetLibrary) throws(ServerFailure) {
    var pages: [String: Asset] = [:]
    guard let common = library["room/common.html"] else { throw Self.missing("room/common.html") }
    for language in PageLanguage.known {
      guard let texts = library["room/locales/\(language).json"].flatMap({ PageTexts(language, $0.bytes) })
      else { throw Self.missing("room/locales/\(language).json") }
      for kind in Kind.allCases {
        guard let template = library[kind.template] else { throw Self.missing(kind.template) }
        let whole = PageTemplate.assembled(template.bytes, common: common.bytes)
        let page = try PageTemplate.render(whole, texts, values: Self.values(kind, texts))
        pages["\(language) \(kind)"] = Asset(page, type: template.type)
      }
    }
    self.pages = pages
  }

  subscript(kind: Kind, language: String) -> Asset? { pages["\(language) \(kind)"] }

  private static func values(_ kind: Kind, _ texts: PageTexts) -> [String: String] {
    var values: [String: String] = [:]
    for part in ["title", "what", "do"] { values["link-\(part)"] = texts["link-\(kind.rawValue)-\(part)"] }
    return values
  }

  private static func missing(_ path: String) -> ServerFailure {
    ServerFailure(.noInput, "I tried to read the web page \(path), but it is not there; install it again.")
  }
}
