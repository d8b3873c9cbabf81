// swift-tools-version: 6.2
import PackageDescription

/// `make test` builds with -Onone, which for the dependencies halves the building. What it tests is optimised all the
/// same, as it ships: the compiler's frontend obeys this one.
let optimised: SwiftSetting = .unsafeFlags(["-Xfrontend", "-O"], .when(configuration: .release))

let strict: [SwiftSetting] = [
  optimised,
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// The settings of rigs and tests: the same, without marking every call of a C function.
let tested: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let rigs = tested + [optimised]

/// Tests wait for what they test: not optimising them halves their compiling.
let tests = tested + [.unsafeFlags(["-Onone"])]

let package = Package(
  name: "precall",
  products: [
    .executable(name: "precall-test", targets: ["precall-test"]),
    .executable(name: "precall-server", targets: ["precall-server"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // The engine: no C, no Foundation, no clock. Also compiled as Embedded Swift for the browser.
    .target(name: "PrecallCore", swiftSettings: strict),
    // Wire formats that need cryptography or that a browser brings along: STUN, TURN, authenticated STAMP.
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "PrecallWire", dependencies: ["PrecallCore", "CCrypto"], swiftSettings: strict),
    .target(name: "PrecallProbes", dependencies: ["PrecallCore"], swiftSettings: strict),

    // One room for each C library, and the module that owns it.
    .target(name: "CCurl"),
    .target(name: "CLinuxNet"),
    .systemLibrary(
      name: "CNetlink", pkgConfig: "libnl-genl-3.0", providers: [.apt(["libnl-genl-3-dev"])]),
    .target(name: "CWireless", dependencies: ["CNetlink"]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CPulse", linkerSettings: [.linkedLibrary("pulse")]),
    .target(
      name: "CV4L2", linkerSettings: [.linkedLibrary("v4l2"), .linkedLibrary("v4lconvert")]),
    .target(
      name: "PrecallNetwork",
      dependencies: ["PrecallProbes", "PrecallCore", "PrecallWire", "CCurl", "CLinuxNet", "CWireless"],
      swiftSettings: strict),
    .target(
      name: "PrecallMicrophone", dependencies: ["PrecallProbes", "PrecallCore", "CPulse"],
      swiftSettings: strict),
    .target(
      name: "PrecallCamera",
      dependencies: [
        "PrecallProbes", "PrecallCore", "CV4L2", .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: strict),
    .target(
      name: "PrecallComputer", dependencies: ["PrecallProbes", "PrecallCore"], swiftSettings: strict),
    .executableTarget(
      name: "precall-test",
      dependencies: [
        "PrecallCore", "PrecallWire", "PrecallProbes", "PrecallNetwork", "PrecallMicrophone",
        "PrecallCamera", "PrecallComputer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    // The server.
    .target(
      name: "PrecallServer",
      dependencies: [
        "PrecallCore", "PrecallWeb", "PrecallWire", "CLinuxNet", "CZlib",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "precall-server",
      dependencies: [
        "PrecallServer", "PrecallCore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),

    // The browser's engine: PrecallCore as WebAssembly, built here and never committed.
    .plugin(name: "BuildEngine", capability: .buildTool(), path: "Sources/BuildEngine"),
    .target(
      name: "PrecallWeb", resources: [.copy("Assets")], swiftSettings: strict, plugins: ["BuildEngine"]),

    // Rigs: virtual devices and links that tests and `make demo` run the real programs against.
    .target(name: "CFuse", path: "Tests/Rigs/CFuse", linkerSettings: [.linkedLibrary("fuse3")]),
    .executableTarget(
      name: "virtual-camera", dependencies: ["CFuse", "PrecallCore"], path: "Tests/Rigs/virtual-camera",
      swiftSettings: rigs),
    .target(name: "CTun", path: "Tests/Rigs/CTun"),
    .executableTarget(
      name: "link-lab",
      dependencies: [
        "CTun", "PrecallCore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Rigs/link-lab", swiftSettings: rigs),
    // Readers of bytes from outside: `make fuzz` compiles them for libFuzzer, the tests run them over its corpus.
    .target(
      name: "PrecallFuzz", dependencies: ["PrecallCore", "PrecallNetwork", "PrecallServer", "PrecallWire"],
      path: "Tests/Fuzz",
      exclude: ["run", "FuzzTarget.swift"], swiftSettings: rigs),
    .executableTarget(
      name: "virtual-feeder", path: "Tests/Rigs/virtual-feeder", linkerSettings: [.linkedLibrary("jpeg")]),
    .executableTarget(
      name: "virtual-devices",
      dependencies: [
        "PrecallTestSupport", "virtual-camera", "virtual-microphone",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], path: "Tests/Rigs/virtual-devices", swiftSettings: rigs),
    .executableTarget(
      name: "precall-bench",
      dependencies: [
        "PrecallCore", "PrecallMicrophone", "PrecallCamera", "PrecallProbes", "PrecallTestSupport",
        "PrecallWeb", "precall-server", "link-lab", "virtual-camera",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      path: "Tests/Benchmarks", swiftSettings: rigs),
    .executableTarget(
      name: "virtual-microphone", dependencies: ["PrecallTestSupport"],
      path: "Tests/Rigs/virtual-microphone", swiftSettings: rigs),
    .target(
      name: "PrecallTestSupport",
      dependencies: [
        "PrecallCore",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/Rigs/PrecallTestSupport", swiftSettings: rigs),

    // One test target a module, and the programs end to end.
    .testTarget(
      name: "PrecallCoreTests", dependencies: ["PrecallCore", "PrecallTestSupport"], swiftSettings: tests),
    .testTarget(
      name: "PrecallWireTests",
      dependencies: ["PrecallWire", "PrecallCore", "PrecallFuzz", "PrecallTestSupport"],
      swiftSettings: tests),
    .testTarget(
      name: "PrecallProbesTests", dependencies: ["PrecallProbes", "PrecallCore"], swiftSettings: tests),
    .testTarget(
      name: "PrecallNetworkTests",
      dependencies: [
        "PrecallNetwork", "PrecallProbes", "PrecallCore", "PrecallServer", "PrecallWire",
        "PrecallTestSupport",
      ],
      swiftSettings: tests),
    .testTarget(
      name: "PrecallServerTests",
      dependencies: [
        "PrecallServer", "PrecallCore", "PrecallWeb", "PrecallWire", "PrecallTestSupport", "precall-server",
        "precall-test",
      ],
      exclude: ["tls-crowd.py"], swiftSettings: tests),
    .testTarget(
      name: "PrecallMicrophoneTests",
      dependencies: [
        "PrecallMicrophone", "PrecallProbes", "PrecallCore", "PrecallTestSupport", "virtual-microphone",
      ],
      swiftSettings: tests),
    .testTarget(
      name: "PrecallCameraTests",
      dependencies: [
        "PrecallCamera", "PrecallProbes", "PrecallCore", "PrecallTestSupport", "virtual-camera",
      ],
      swiftSettings: tests),
    .testTarget(
      name: "PrecallComputerTests",
      dependencies: ["PrecallComputer", "PrecallProbes", "PrecallCore", "PrecallTestSupport"],
      swiftSettings: tests
    ),
    .testTarget(
      name: "CameraVMTests",
      dependencies: ["PrecallCore", "PrecallTestSupport", "precall-test", "virtual-feeder"],
      swiftSettings: tests),
    .testTarget(
      name: "PrecallWebTests",
      dependencies: ["PrecallWeb", "PrecallCore", "PrecallServer", "PrecallTestSupport"],
      swiftSettings: tests),
    .testTarget(
      name: "LinkLabTests",
      dependencies: ["link-lab", "precall-server", "precall-test", "PrecallCore", "PrecallTestSupport"],
      exclude: ["echo.py", "dns.py", "portal.py"], swiftSettings: tests),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "PrecallCore", "PrecallTestSupport", "precall-test", "precall-server", "virtual-camera",
      ],
      swiftSettings: tests),
  ],
  swiftLanguageModes: [.v6]
)
