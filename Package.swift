// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target but the kernels: warnings are errors, and unsafe code is marked as such where it stands.
let checked: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .strictMemorySafety(), .enableExperimentalFeature("Lifetimes"),
]

/// Settings of the test targets.
let tested: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A target that compiles the kernel templates for one instruction set. Nothing else is compiled with these flags: see docs/ARCHITECTURE.md.
func kernels(_ name: String, _ flags: [String] = []) -> Target {
  .target(
    name: name, dependencies: ["KernelTemplates", "SIMDShims"],
    swiftSettings: [
      .treatAllWarnings(as: .error),
      .unsafeFlags(["-Ounchecked", "-Xllvm", "-unroll-threshold=2000"] + flags.flatMap { ["-Xcc", $0] }),
    ])
}

/// A C target that puts a library behind one header: it owns the library's error handling, so that no `longjmp` crosses Swift.
func library(_ name: String, links: [String] = []) -> Target {
  .target(
    name: name, cSettings: [.treatAllWarnings(as: .error), .unsafeFlags(["-O2"])],
    linkerSettings: links.map { .linkedLibrary($0) })
}

/// The commands carry the Swift runtime in themselves, so that they start in milliseconds and run where no Swift is installed; tests use the same objects with
/// the shared runtime. The libraries are those that the static FoundationEssentials needs and objects compiled for the shared one do not name.
let standalone: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections", "-lswiftSynchronization"])
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "percept",
  products: [
    .executable(name: "percept", targets: ["percept"]),
    .executable(name: "detect", targets: ["detect"]),
    .executable(name: "iscat", targets: ["iscat"]),
    .executable(name: "stylize", targets: ["stylize"]),
    .executable(name: "triggerword", targets: ["triggerword"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // C libraries, one header each
    library("CPNG", links: ["png"]),
    library("CJPEG", links: ["jpeg"]),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    library("CCurl"),
    library("CArchive"),
    library("CZlib", links: ["z"]),
    library("CHDF5"),
    library("CMemory"),
    library("CSndfile"),
    library("CSamplerate"),
    library("CFFTW"),
    // Networks in the program: `#embed` is of C23.
    .target(name: "CTriggerModels", cSettings: [.treatAllWarnings(as: .error), .unsafeFlags(["-O2", "-std=c23"])]),

    // The engine, from the vector up
    .target(name: "SIMDShims"),
    .target(
      name: "KernelTemplates", dependencies: [],
      swiftSettings: [.treatAllWarnings(as: .error), .unsafeFlags(["-Ounchecked"])]),
    kernels("KernelsBaseline"),
    kernels("KernelsAVX2", ["-mavx2", "-mfma"]),
    kernels("KernelsAVX512", ["-mavx512f", "-mavx512vl", "-mavx512bw", "-mavx512dq", "-mavx2", "-mfma"]),
    kernels(
      "KernelsVNNI", ["-mavx512bf16", "-mavx512vnni", "-mavx512f", "-mavx512vl", "-mavx512bw", "-mavx512dq", "-mavx2", "-mfma"]),
    .target(
      name: "Kernels", dependencies: ["KernelTemplates", "KernelsBaseline", "KernelsAVX2", "KernelsAVX512", "KernelsVNNI", "SIMDShims"],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "Tensors", dependencies: ["Kernels"], swiftSettings: checked),
    .target(name: "Graphs", dependencies: ["Tensors", "Kernels"], swiftSettings: checked),
    .target(name: "Learning", dependencies: ["Graphs", "Tensors", "Kernels"], swiftSettings: checked),
    .target(name: "Benchmarks", dependencies: ["Learning", "Graphs", "Tensors", "Kernels", "Spectra"], swiftSettings: checked),

    // Files in and out
    .target(name: "Files", swiftSettings: checked),
    .target(name: "Media", dependencies: ["Files", "CPNG", "CJPEG", "CCairo", "CSndfile", "CSamplerate"], swiftSettings: checked),
    .target(name: "Spectra", dependencies: ["CFFTW"], swiftSettings: checked),
    .target(name: "ModelFormats", dependencies: ["Graphs", "Tensors", "Files", "CZlib", "CHDF5"], swiftSettings: checked),
    .target(
      name: "ModelStore",
      dependencies: ["Files", "CCurl", "CArchive", .product(name: "Crypto", package: "swift-crypto")],
      resources: [.embedInCode("Resources/models.json")], swiftSettings: checked),

    // Apps and commands
    .target(
      name: "Training", dependencies: ["Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore", "Files"], swiftSettings: checked),
    .target(
      name: "Detection", dependencies: ["Graphs", "Tensors", "Media", "ModelFormats", "ModelStore", "Files"],
      swiftSettings: checked),
    .target(
      name: "Laboratory", dependencies: ["Training", "Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "Files"], swiftSettings: checked),
    .target(
      name: "Cats", dependencies: ["Training", "Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore", "Files"], swiftSettings: checked),
    .target(
      name: "StyleTransfer", dependencies: ["Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore", "Files"],
      swiftSettings: checked),
    .target(
      name: "TriggerWords",
      dependencies: ["Training", "Learning", "Graphs", "Tensors", "Kernels", "Media", "Spectra", "ModelFormats", "Files", "CTriggerModels"],
      swiftSettings: checked),
    .target(
      name: "Commands",
      dependencies: [
        "Detection", "Cats", "StyleTransfer", "TriggerWords", "Laboratory", "Training", "Learning", "ModelStore", "ModelFormats", "Media", "Spectra", "Files", "Benchmarks", "Graphs", "Kernels",
        "CMemory", argumentParser,
      ],
      swiftSettings: checked),
    .executableTarget(name: "detect", dependencies: ["Commands"], swiftSettings: checked, linkerSettings: standalone),
    .executableTarget(name: "iscat", dependencies: ["Commands"], swiftSettings: checked, linkerSettings: standalone),
    .executableTarget(name: "stylize", dependencies: ["Commands"], swiftSettings: checked, linkerSettings: standalone),
    .executableTarget(name: "triggerword", dependencies: ["Commands"], swiftSettings: checked, linkerSettings: standalone),
    .executableTarget(name: "percept", dependencies: ["Commands"], swiftSettings: checked, linkerSettings: standalone),

    // One test target a source target
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "KernelTemplates"], exclude: ["Fixtures"], swiftSettings: tested),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"], swiftSettings: tested),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: tested),
    .target(
      name: "TriggerWordsTestSupport", dependencies: ["TriggerWords", "Learning", "Tensors"], path: "Tests/TriggerWordsTestSupport", swiftSettings: tested),
    .target(name: "CAllocations", path: "Tests/CAllocations", cSettings: [.treatAllWarnings(as: .error)]),
    .testTarget(
      name: "GraphsTests", dependencies: ["Graphs", "Tensors", "Kernels", "CAllocations"], exclude: ["Fixtures"], swiftSettings: tested),
    .testTarget(
      name: "LearningTests", dependencies: ["Learning", "ModelFormats", "Graphs", "Tensors", "Kernels", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: tested),
    .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks", "Graphs", "Tensors", "Kernels"], swiftSettings: tested),
    .testTarget(name: "ArchitectureTests", dependencies: ["Kernels", "TestSupport"], swiftSettings: tested),
    .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: tested),
    .testTarget(name: "MediaTests", dependencies: ["Media", "Files"], exclude: ["Fixtures"], swiftSettings: tested),
    .testTarget(name: "SpectraTests", dependencies: ["Spectra"], exclude: ["Fixtures"], swiftSettings: tested),
    .testTarget(
      name: "ModelFormatsTests", dependencies: ["ModelFormats", "Graphs", "Tensors", "Files"], exclude: ["Fixtures"], swiftSettings: tested),
    .testTarget(
      name: "ModelStoreTests", dependencies: ["ModelStore", "Files", .product(name: "Crypto", package: "swift-crypto")], exclude: ["Fixtures"],
      swiftSettings: tested),
    .testTarget(
      name: "DetectionTests", dependencies: ["Detection", "Tensors", "Media", "Files", "TestSupport"], exclude: ["Fixtures"], swiftSettings: tested),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "Learning", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore"], exclude: ["Fixtures"],
      swiftSettings: tested),
    .testTarget(name: "LaboratoryTests", dependencies: ["Laboratory", "Kernels", "Media"], exclude: ["Fixtures"], swiftSettings: tested),
    .testTarget(name: "CatsTests", dependencies: ["Cats", "Training", "Learning", "Tensors", "Media"], swiftSettings: tested),
    .testTarget(
      name: "StyleTransferTests", dependencies: ["StyleTransfer", "Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore"],
      swiftSettings: tested),
    .testTarget(
      name: "TriggerWordsTests",
      dependencies: ["TriggerWords", "Learning", "Graphs", "Tensors", "Kernels", "Media", "Spectra", "ModelFormats", "Files", "TestSupport", "TriggerWordsTestSupport"], exclude: ["Fixtures"],
      swiftSettings: tested),
    // End-to-end tests run the built commands; a dependency on their targets would link the test bundle as they are linked.
    .testTarget(
      name: "CommandsTests", dependencies: ["Commands", "Media", "TestSupport", "TriggerWordsTestSupport"], exclude: ["Fixtures"], swiftSettings: tested),
  ]
)

// Each source target has a README for its readers.
for target in package.targets where target.path == nil && (target.type == .regular || target.type == .executable) { target.exclude.append("README.md") }
