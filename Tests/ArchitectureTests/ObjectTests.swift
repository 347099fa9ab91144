import TestSupport
import Testing

/// The linker keeps one copy of a weak symbol. A copy that was compiled for AVX2 or AVX-512 and that another target could share would crash a processor
/// without these instructions, so the compiled objects are read.
@Suite(.enabled(if: canReadObjects, "needs x86-64 and Debian's binutils"))
struct ObjectTests {
  static let wideTargets = ["KernelsAVX2", "KernelsAVX512", "KernelsVNNI"]
  static let swiftTargets = DependencyTests.allowed.map(\.target).filter { !Repository.objects(of: $0).isEmpty }

  @Test(arguments: wideTargets) func weakFunctionsOfWideTargetsAreTheirOwn(target: String) throws {
    let functions = try Self.functions(of: target)
    #expect(functions.contains { $0.isWeak }, "\(target) was not built, or its symbols are listed in another way")
    for function in functions where function.isWeak {
      #expect(function.name.contains(target), "\(target) defines \(function.name), which another target may share (was this built with -enable-testing?)")
    }
  }

  @Test func noOtherTargetDefinesTheirFunctions() throws {
    let wide = Set(try Self.wideTargets.flatMap { try Self.functions(of: $0) }.map(\.name))
    #expect(!wide.isEmpty)
    for target in Self.swiftTargets where !Self.wideTargets.contains(target) {
      let shared = Set(try Self.functions(of: target).filter { !$0.isLocal }.map(\.name)).intersection(wide)
      #expect(shared.isEmpty, "\(target) defines \(shared) too")
    }
  }

  /// Instructions with a VEX or EVEX prefix have names that begin with v; no other instruction that a compiler writes has.
  @Test func onlyWideTargetsHaveWideInstructions() throws {
    let objdump = try #require(installed("objdump"))
    for target in Self.swiftTargets {
      var wide = 0, instructions = 0
      for object in Repository.objects(of: target) {
        let listing = try run(objdump, ["--disassemble", "--no-show-raw-insn", "--no-addresses", object]).output
        for line in listing.utf8.split(separator: UInt8(ascii: "\n")) where line.first == UInt8(ascii: "\t") {
          instructions += 1
          if line.dropFirst().first == UInt8(ascii: "v") { wide += 1 }
        }
      }
      if Self.wideTargets.contains(target) {
        #expect(wide > 1_000, "\(target) has \(wide) wide instructions")
      } else {
        #expect(wide == 0, "\(target) has \(wide) wide instructions of \(instructions)")
      }
    }
  }

  private struct Symbol {
    var name: String
    var isLocal, isWeak: Bool
  }

  /// The functions that a target's objects define: lines such as `0000000000000000  w    F .text.name  0000000000000040 .hidden name`.
  private static func functions(of target: String) throws -> [Symbol] {
    guard let objdump = installed("objdump") else { return [] }
    return try run(objdump, ["--syms"] + Repository.objects(of: target)).output.split(separator: "\n").compactMap { line in
      guard line.count > 25, let name = line.split(separator: " ").last else { return nil }
      let flags = line.dropFirst(17).prefix(7)
      guard flags.hasSuffix("F"), !line.contains("*UND*") else { return nil }
      return Symbol(name: String(name), isLocal: flags.hasPrefix("l"), isWeak: flags.dropFirst().hasPrefix("w") || flags.hasPrefix("u"))
    }
  }
}

private let canReadObjects: Bool = {
  #if arch(x86_64)
    return installed("objdump") != nil
  #else
    return false
  #endif
}()
