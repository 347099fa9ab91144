import CAllocations
import Foundation
import Graphs
import Kernels
import Tensors
import Testing

/// A run calls kernels and nothing else: it asks for no memory.
@Suite(.serialized) struct AllocationTests {
  @Test func theCounterCounts() {
    let before = allocation_count()
    let blocks = (0..<100).map { [UInt8](repeating: 0, count: $0 + 1) }
    #expect(blocks.count == 100 && allocation_count() - before >= 100)
  }

  @Test(arguments: [1, 3]) func aRunAllocatesNothing(threads: Int) throws {
    var random = RandomNumbers(seed: 1), graph = Graph()
    var x = graph.input("image", [1, 16, 20, 20])
    let w = graph.constant("w", Tensor([40, 16, 3, 3], normalWith: 0.1, using: &random))
    x = try graph.append(Convolution2D(padding: .all(1), activation: .leaky(slope: 0.1)), [x, w])
    let pooled = try graph.append(Pooling2D(.max, size: 2, stride: 2), [x])
    let up = try graph.append(Upsample2D(factor: 2), [pooled])
    x = try graph.append(ConcatenateChannels(), [x, up])
    x = try graph.append(Add(), [x, try graph.append(Activate(.mish), [x])])
    x = try graph.append(Multiply(), [x, x])
    x = try graph.append(ScaleChannels(), [x, try graph.append(GlobalAverage(), [x])])
    x = try graph.append(Resize2D(height: 20, width: 20, .bilinear), [try graph.append(Resize2D(height: 9, width: 9, .bilinear), [x])])
    x = try graph.append(Softmax(axis: 1), [x])
    let sums = try graph.append(Reduce(.sum, axes: [0, 2]), [x]), places = try graph.append(LargestIndex(axis: -1), [x])
    x = try graph.append(Reshape([1, 80 * 400]), [x])
    let v = graph.constant("v", Tensor([10, 80 * 400], normalWith: 0.01, using: &random))
    graph.outputs = [try graph.append(FullyConnected(activation: .tanh), [x, v]), sums, places]
    let arena = Arena(for: graph.compiled(for: Processor(threadCount: threads)))
    arena.run()
    #expect(fewestAllocations(ofRuns: arena) == 0)
  }

  /// In a process of its own, where nothing but the runs can ask for memory: not a block in 10,000 runs, and no page more.
  @Test func tenThousandRunsTakeNoMoreMemoryThanTheFirst() async {
    await #expect(processExitsWith: .success) {
      var random = RandomNumbers(seed: 1), graph = Graph()
      var x = graph.input("image", [1, 16, 12, 12])
      let w = graph.constant("w", Tensor([32, 16, 3, 3], normalWith: 0.1, using: &random))
      let v = graph.constant("v", Tensor([10, 32], normalWith: 0.1, using: &random))
      x = try graph.append(Convolution2D(padding: .all(1), activation: .leaky(slope: 0.1)), [x, w])
      x = try graph.append(Softmax(axis: 1), [try graph.append(Pooling2D(.max, size: 2, stride: 2), [x])])
      x = try graph.append(Reshape([1, 32]), [try graph.append(GlobalAverage(), [x])])
      graph.outputs = [try graph.append(FullyConnected(activation: .tanh), [x, v])]
      for threads in [1, 3] {
        let arena = Arena(for: graph.compiled(for: Processor(threadCount: threads)))
        for _ in 0..<100 { arena.run() }
        _ = residentPages()  // the code that tells them is loaded
        var growth: [String] = []
        // What runs the test may ask for memory now and then: of three times 10,000 runs one must not see it. A run that grows does so each time.
        for _ in 0..<3 {
          let pages = residentPages(), blocks = allocation_count()
          for _ in 0..<10_000 { arena.run() }
          let newBlocks = allocation_count() - blocks, newPages = residentPages() - pages
          if newBlocks == 0, newPages <= 4 { break }  // a thread's stack may have grown
          growth.append("\(newBlocks) blocks, \(newPages) pages")
        }
        #expect(growth.count < 3, "\(threads) threads: \(growth)")
      }
    }
  }

  @Test func aRunWithSmallNumbersAllocatesNothing() throws {
    var random = RandomNumbers(seed: 1), graph = Graph()
    let x = graph.input("image", [1, 20, 20, 20]), w = graph.constant("w", Tensor([40, 20, 1, 1], normalWith: 0.1, using: &random))
    graph.outputs = [try graph.append(Convolution2D(activation: .mish), [x, w], name: "conv")]
    let ranges = Calibration(ranges: ["conv": Calibration.Range(lower: -1, upper: 1)])
    for precision in [Precision.bfloat16, .int8(ranges)] {
      let arena = Arena(for: graph.compiled(for: Processor(threadCount: 2), precision: precision))
      #expect(fewestAllocations(ofRuns: arena) == 0)
    }
  }
}

/// How many pages of memory this process holds: the second number of /proc/self/statm.
private func residentPages() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  return text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? -1
}

/// The fewest times that a run of `arena` asked for memory. Other tests run beside this one and allocate, on an emulated processor during almost any run; so many
/// are tried: 0 only if no run needs to.
func fewestAllocations(ofRuns arena: Arena) -> Int {
  var fewest = Int.max
  let start = ContinuousClock.now
  while fewest > 0, ContinuousClock.now - start < .seconds(90) {
    let before = allocation_count()
    arena.run()
    fewest = min(fewest, allocation_count() - before)
  }
  return fewest
}
