import Foundation
import Kernels
import TestSupport
import Testing

/// What the tests below ask of this same program when it runs on another processor, or with `PERCEPT_ISA` set.
@Suite struct InstructionSetReport {
  @Test func report() {
    print("kernels:", Processor.supportedKernels.map(\.name).joined(separator: " "), "best:", Processor.bestKernels.name)
    #expect(Processor.supportedKernels.first?.name == "baseline")
  }
}

@Suite struct InstructionSetTests {
  @Test(arguments: Processor.supportedKernels.map(\.name)) func theEnvironmentChoosesTheKernels(name: String) throws {
    let result = try tests(["InstructionSetReport"], environment: ["PERCEPT_ISA": name])
    #expect(result.status == 0 && result.output.contains("best: \(name)\n"), "\(result.output)\(result.errors)")
  }

  @Test func kernelsThatTheMachineLacksAreNotChosen() throws {
    let result = try tests(["InstructionSetReport"], environment: ["PERCEPT_ISA": "abacus"])
    #expect(result.output.contains("best: \(Processor.supportedKernels.last!.name)\n"), "\(result.output)\(result.errors)")
  }

  /// The kernels' and the graphs' own tests, on emulated processors of 2008 and 2013.
  @Test(.enabled(if: canEmulate, "needs x86-64 and Debian's qemu-user"), arguments: [("Nehalem", "baseline"), ("Haswell", "baseline avx2")])
  func olderProcessorsRunWhatTheyHave(processor: String, kernels: String) throws {
    let emulator = try #require(installed("qemu-x86_64"))
    let result = try tests(
      ["KernelsTests", "GraphsTests", "InstructionSetReport"], on: [emulator, "-cpu", processor], environment: ["PERCEPT_TEST_TABLES": "best"])
    let best = kernels.split(separator: " ").last!
    #expect(result.output.contains("kernels: \(kernels) best: \(best)\n"))
    let report = result.output + result.errors
    let summary = report.firstMatch(of: #/Test run with (\d+) tests.* passed/#)
    #expect(result.status == 0 && summary.flatMap { Int($0.output.1) } ?? 0 > 20, "\(processor): \(report.suffix(4_000))")
  }

  /// Runs some suites of this program in a process of their own.
  private func tests(
    _ suites: [String], on emulator: [String] = [], environment: [String: String] = [:]
  ) throws -> ProgramResult {
    let command = emulator + [Repository.testProgram.path, "--testing-library", "swift-testing"] + suites.flatMap { ["--filter", $0] }
    return try run(command[0], Array(command.dropFirst()), environment: environment)
  }
}

private let canEmulate: Bool = {
  #if arch(x86_64)
    return installed("qemu-x86_64") != nil
  #else
    return false
  #endif
}()
