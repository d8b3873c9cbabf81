import Foundation
import PackagePlugin

/// Compiles all of PrecallCore, with the exports of PrecallWasm, as one Embedded Swift module for wasm32 and
/// links it with the toolchain's own linker to `precall-engine.wasm`, a resource of PrecallWeb.
@main struct BuildEngine: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let root = context.package.directoryURL
    let swift =
      try sources(in: root.appending(path: "Sources/PrecallCore"))
      + sources(in: root.appending(path: "Sources/PrecallWasm"))
    let runtime = root.appending(path: "Sources/PrecallWasm/Runtime.c")
    let work = context.pluginWorkDirectoryURL
    let engine = work.appending(path: "precall-engine.wasm")
    // One command, since a build-tool plugin can't keep its intermediate files out of the resources.
    let script = """
      set -e
      swiftc=$1 clang=$2 linker=$3 work=$4 runtime=$5 engine=$6; shift 6
      "$swiftc" \(swiftFlags) -package-name precall -module-name PrecallCore -c "$@" -o "$work/engine.o"
      "$clang" \(clangFlags) -c "$runtime" -o "$work/runtime.o"
      "$linker" \(linkerFlags) "$work/engine.o" "$work/runtime.o" -o "$engine"
      """
    let tools = try ["swiftc", "clang", "wasm-ld"].map { try context.tool(named: $0).url.path }
    let files = [work.appending(path: "objects").path, runtime.path, engine.path] + swift.map(\.path)
    try FileManager.default.createDirectory(
      at: work.appending(path: "objects"), withIntermediateDirectories: true)
    return [
      .buildCommand(
        displayName: "Compiling the engine for the browser", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", script, "build-engine"] + tools + files,
        inputFiles: swift + [runtime], outputFiles: [engine])
    ]
  }

  /// The linker sees the whole engine as LLVM's own code (link-time optimisation) and drops what is never
  /// called; one trap for many conditions takes less room than one each, and so does a call of what is
  /// called from many places, as the counting of references (`Runtime.c`), instead of a copy of it. No loop has its first test twice.
  private var swiftFlags: String {
    """
    -target wasm32-unknown-none-wasm -enable-experimental-feature Embedded -wmo -Osize -parse-as-library \
    -swift-version 6 -strict-memory-safety -warnings-as-errors -Xfrontend -disable-stack-protector \
    -Xfrontend -mergeable-traps -assume-single-threaded -lto=llvm-full -Xllvm -inline-threshold=-100 \
    -Xllvm -sil-inline-overall-caller-block-limit=1 -Xllvm -sil-disable-pass=loop-rotate
    """
  }

  private var clangFlags: String {
    "--target=wasm32-unknown-none-wasm -ffreestanding -fno-builtin -nostdlib -Oz -Wall -Wextra -Werror"
  }

  /// The stack lies below everything else, so that running over it traps instead of overwriting; memory may
  /// grow to 256 MiB, which the worst request of `Judge.maximumBytes` does not need. Without loop strength
  /// reduction, which trades size for speed.
  private var linkerFlags: String {
    """
    --no-entry --gc-sections --strip-all --stack-first -z stack-size=262144 --max-memory=268435456 \
    --lto-O2 --compress-relocations -mllvm -disable-lsr
    """
  }

  private func sources(in folder: URL) throws -> [URL] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { folder.appending(path: $0) }
  }
}
