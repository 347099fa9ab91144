import Foundation
import Kernels
import Testing

/// Expects |found − expected| ≤ tolerance · (1 + |expected|), element by element, equal infinities, and NaN where NaN is expected.
func expectClose(
  _ found: [Float], _ expected: [Float], tolerance: Float, _ what: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record("\(what()): \(found.count) numbers, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for index in found.indices {
    let a = found[index], b = expected[index]
    if a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * (1 + abs(b)) { continue }
    Issue.record("\(what()): [\(index)] is \(a), expected \(b)", sourceLocation: sourceLocation)
    return
  }
}

/// The sizes at which kernels go wrong: nothing, one, around a vector and two, primes.
func awkwardCounts(lanes: Int) -> [Int] {
  Array(Set([0, 1, 2, 3, lanes - 1, lanes, lanes + 1, 2 * lanes - 1, 2 * lanes, 2 * lanes + 1, 31, 67, 131, 4 * lanes + 3])).sorted()
}

/// Numbers that look random and are the same on every run.
func noise(_ count: Int, seed: UInt64 = 1) -> [Float] {
  (0..<count).map { index in
    var word = (UInt64(index) &+ seed &* 0x9E37_79B9) &* 0xBF58_476D_1CE4_E5B9
    word ^= word >> 29
    word = word &* 0x94D0_49BB_1331_11EB
    return Float(word >> 40) * 0x1p-23 - 1
  }
}

/// Every kernel table that this machine can run, and the widest one without its instructions. On an emulated processor, where each takes minutes, only the one
/// that it would choose: the others are tested on the machine itself.
let tables =
  ProcessInfo.processInfo.environment["PERCEPT_TEST_TABLES"] == "best"
  ? [Processor.bestKernels] : Processor.supportedKernels + [sixteenLanesKernels]

func processor(_ table: KernelTable, threads: Int = 1) -> Processor { Processor(kernels: table, threadCount: threads) }
