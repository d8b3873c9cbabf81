package import Foundation

/// Where the browser's engine lies: PrecallCore as WebAssembly, to be served as `application/wasm`.
package var engine: URL { Bundle.module.bundleURL.appending(path: "precall-engine.wasm") }

/// Where the files of the check and the rooms lie: pages, modules, looks and texts.
package var assets: URL { Bundle.module.bundleURL.appending(path: "Assets") }
