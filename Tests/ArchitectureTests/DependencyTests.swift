import Testing

/// Which target may know which: arrows point from executables through commands, apps, formats and pictures, graphs and tensors down to the kernels.
@Suite struct DependencyTests {
  /// Every source target and what it depends on, bottom first: a target may only name targets above its own line.
  static let allowed: [(target: String, dependencies: Set<String>)] = [
    ("CPNG", []), ("CJPEG", []), ("CCairo", []), ("CCurl", []), ("CArchive", []), ("CZlib", []), ("CHDF5", []), ("CMemory", []),
    ("CSndfile", []), ("CSamplerate", []), ("CFFTW", []), ("CTriggerModels", []),
    ("SIMDShims", []),
    ("KernelTemplates", []),
    ("KernelsBaseline", ["KernelTemplates", "SIMDShims"]),
    ("KernelsAVX2", ["KernelTemplates", "SIMDShims"]),
    ("KernelsAVX512", ["KernelTemplates", "SIMDShims"]),
    ("KernelsVNNI", ["KernelTemplates", "SIMDShims"]),
    ("Kernels", ["KernelTemplates", "KernelsBaseline", "KernelsAVX2", "KernelsAVX512", "KernelsVNNI", "SIMDShims"]),
    ("Tensors", ["Kernels"]),
    ("Graphs", ["Tensors", "Kernels"]),
    ("Learning", ["Graphs", "Tensors", "Kernels"]),
    ("Files", []),
    ("Media", ["Files", "CPNG", "CJPEG", "CCairo", "CSndfile", "CSamplerate"]),
    ("Spectra", ["CFFTW"]),
    ("Benchmarks", ["Learning", "Graphs", "Tensors", "Kernels", "Spectra"]),
    ("ModelStore", ["Files", "CCurl", "CArchive", "Crypto"]),
    ("ModelFormats", ["Graphs", "Tensors", "Files", "CZlib", "CHDF5"]),
    ("Detection", ["Graphs", "Tensors", "Media", "ModelFormats", "ModelStore", "Files"]),
    ("Training", ["Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore", "Files"]),
    ("Laboratory", ["Training", "Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "Files"]),
    ("Cats", ["Training", "Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore", "Files"]),
    ("StyleTransfer", ["Learning", "Graphs", "Tensors", "Kernels", "Media", "ModelFormats", "ModelStore", "Files"]),
    ("TriggerWords", ["Training", "Learning", "Graphs", "Tensors", "Kernels", "Media", "Spectra", "ModelFormats", "Files", "CTriggerModels"]),
    ("Commands", ["Detection", "Cats", "StyleTransfer", "TriggerWords", "Laboratory", "Training", "Learning", "ModelStore", "ModelFormats", "Media", "Spectra", "Files", "Benchmarks", "Graphs", "Kernels", "CMemory", "ArgumentParser"]),
    ("detect", ["Commands"]),
    ("iscat", ["Commands"]),
    ("stylize", ["Commands"]),
    ("triggerword", ["Commands"]),
    ("percept", ["Commands"]),
  ]
  static let apps: Set = ["Cats", "Detection", "Laboratory", "StyleTransfer", "TriggerWords"]
  /// Products of other packages.
  static let foreign: Set = ["ArgumentParser", "Crypto"]
  /// Tested through the targets that use them: C libraries through their one importer, instantiations through Kernels, executables through Commands.
  static let testedElsewhere: Set = [
    "SIMDShims", "KernelTemplates", "KernelsBaseline", "KernelsAVX2", "KernelsAVX512", "KernelsVNNI", "detect", "iscat", "stylize", "triggerword", "percept",
  ]

  @Test func targetsDependOnWhatIsAllowed() throws {
    let found = try PackageDescription.current.get().sources
    let allowed = Dictionary(uniqueKeysWithValues: Self.allowed.map { ($0.target, $0.dependencies) })
    #expect(Set(found.map(\.name)) == Set(allowed.keys))
    for target in found {
      #expect(Set(target.dependencies.map(\.name)) == allowed[target.name], "\(target.name) depends on something else")
    }
  }

  @Test func arrowsPointOneWay() {
    var above = Self.foreign
    for (target, dependencies) in Self.allowed {
      #expect(dependencies.isSubset(of: above), "\(target) names a target that stands below it")
      above.insert(target)
    }
  }

  @Test func layersKeepToThemselves() {
    func reach(_ target: String) -> Set<String> {
      let next = Self.allowed.first { $0.target == target }?.dependencies ?? []
      return next.reduce(into: next) { $0.formUnion(reach($1)) }
    }
    #expect(!reach("Media").contains("Graphs"), "Media knows tensors, not graphs")
    #expect(reach("Spectra") == ["CFFTW"], "Spectra knows numbers, not files")
    #expect(reach("ModelStore").isDisjoint(with: ["Kernels", "Tensors", "Graphs", "Media"]), "ModelStore knows files, not what is in them")
    for app in Self.apps { #expect(reach(app).isDisjoint(with: Self.apps.subtracting([app]))) }
  }

  @Test func everyTargetHasItsPageAndItsTests() throws {
    let package = try PackageDescription.current.get()
    let tests = Set(package.targets.filter { $0.type == "test" }.map(\.name))
    for target in package.sources {
      #expect(Repository.exists("Sources/\(target.name)/README.md"), "\(target.name) has no README.md")
      guard !Self.testedElsewhere.contains(target.name), !isLibrary(target.name) else { continue }
      #expect(tests.contains("\(target.name)Tests"), "\(target.name) has no tests")
    }
  }

  /// A C library is spoken to in one place.
  @Test func oneFileImportsEachLibrary() throws {
    let imports = try Self.imports()
    for library in try PackageDescription.current.get().sources.map(\.name).filter(isLibrary) {
      let importers = imports.filter { $0.modules.contains(library) }.map(\.file)
      #expect(importers.count == 1, "\(library) is imported by \(importers)")
    }
  }

  /// Foundation would add tens of milliseconds to the start of every command.
  @Test func noSourceImportsFoundation() throws {
    for (file, modules) in try Self.imports() {
      #expect(modules.isDisjoint(with: ["Foundation", "FoundationNetworking", "FoundationInternationalization"]), "\(file)")
    }
  }

  @Test func instantiatingTargetsImportNothingElse() throws {
    for (file, modules) in try Self.imports() where file.hasPrefix("Sources/KernelsAVX") || file.hasPrefix("Sources/KernelsBaseline") {
      #expect(modules.isSubset(of: ["KernelTemplates", "SIMDShims"]), "\(file) imports \(modules)")
    }
  }

  private func isLibrary(_ target: String) -> Bool { target.hasPrefix("C") && target.dropFirst().first!.isUppercase }

  /// The modules that each source file imports.
  private static func imports() throws -> [(file: String, modules: Set<String>)] {
    let line = #/^\s*(?:@[\w()]+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/#
    return try Repository.files(below: "Sources", suffix: ".swift").map { file in
      (file, Set(try Repository.text(file).split(separator: "\n").compactMap { $0.firstMatch(of: line).map { String($0.output.1) } }))
    }
  }
}
