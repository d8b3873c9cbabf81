package import Foundation

/// Where the browser's engine lies: PrecallCore as WebAssembly, to be served as `application/wasm`.
package var engine: URL { Bundle.module.bundleURL.appending(path: "precall-engine.wasm") }
