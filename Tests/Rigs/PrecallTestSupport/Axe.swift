import Foundation

/// axe-core, as `make test` installs it: what a program can find of WCAG 2.1 A and AA.
package enum Axe {
  /// The rules that the page breaks as it stands, each with the first element that does; none is good.
  package static func violations(on page: some BrowserPage) async throws -> [String] {
    let script = try script.get()
    if try await !page.value("typeof axe === 'object'") { _ = try? await page.text(of: script) }
    return try await page.value(
      """
      axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(result => {
        if (result.passes.length < 5) throw new Error('axe looked at next to nothing')
        return result.violations.map(({id, nodes}) => id + ': ' + nodes[0].html.slice(0, 120))
      })
      """)
  }

  private static let script = Result {
    let library = Fixtures.root.appending(path: ".build/axe/lib")
    let found = (try? FileManager.default.contentsOfDirectory(atPath: library.path())) ?? []
    for python in found {
      let file = library.appending(path: "\(python)/site-packages/axe_core_python/axe.min.js")
      if let text = try? String(contentsOf: file, encoding: .utf8) { return text }
    }
    throw RigError("I tried to read axe-core, but it is not installed; install it with `make .build/axe`.")
  }
}
