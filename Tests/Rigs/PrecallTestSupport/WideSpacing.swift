/// The page as people see it who set their own spacing of text (WCAG 1.4.12).
package enum WideSpacing {
  /// The spacing that a page must bear, in a style sheet `sheet`.
  package static let sheet = """
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
      word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
    """

  /// Elements in `root` that are too small for what is in them, but for those in `scrolled`, which may be.
  package static func cut(in root: String, except scrolled: String) -> String {
    """
    [...\(root).querySelectorAll('*')].filter(one => {
      if (!one.checkVisibility() || !one.clientWidth || one.closest('.unseen, .table, \(scrolled)')) return false
      const isHidden = ['hidden', 'clip'].includes(getComputedStyle(one).overflowY)
      return one.scrollWidth > one.clientWidth + 1 || (isHidden && one.scrollHeight > one.clientHeight + 1)
    }).map(one => one.outerHTML.slice(0, 90))
    """
  }
}
