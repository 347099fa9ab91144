import Benchmarks
import Graphs
import Kernels
import Tensors
import Testing

@Suite struct BenchmarkTests {
  @Test func rowsHaveNamesOfTheirOwn() {
    #expect(Set(Benchmark.all.map(\.name)).count == Benchmark.all.count)
    for network in ["yolov3-tiny", "vgg16", "resnet50", "mobilenet-v2"] {
      for precision in ["fp32", "bf16", "int8"] { #expect(Benchmark.all.contains { $0.name == "\(network) \(precision)" }) }
    }
    for name in ["yolov3-tiny", "vgg16", "resnet50", "mobilenet-v2", "trigger-infer", "sgemm-1024"] {
      #expect(Benchmark.all.contains { $0.name == "\(name) fp32" })
    }
    for name in ["style-step", "trigger-train", "stft-minute", "mel-minute"] { #expect(Benchmark.all.contains { $0.name == "\(name) fp32" }) }
    for name in ["style-step", "trigger-train", "lstm-train", "resnet18-train"] {
      #expect(Benchmark.all.contains { $0.name == "\(name) kernels fp32" })
    }
  }

  @Test func rowsAreFoundByAPartOfTheirName() {
    #expect(Benchmark.matching("VGG16").map(\.name) == ["vgg16 fp32", "vgg16 bf16", "vgg16 int8"])
    #expect(Benchmark.matching("3x3 512→1024").map(\.name) == ["convolution 3×3 512→1024 13×13"])
    #expect(Benchmark.matching("").count == Benchmark.all.count && Benchmark.matching("nothing").isEmpty)
  }

  @Test func anOperationIsCheckedAndTimed() throws {
    let row = Benchmark("small", on: [1, 4, 9, 9]) { b, x in try b.convolution(x, 6, size: 3) }
    let prepared = try row.prepare(on: Processor(threadCount: 2))
    #expect(prepared.work == .multiplyAdds(6 * 4 * 9 * 81))
    let times = prepared.measure(.runs(5))
    #expect(times.count == 5 && times.min > 0 && times.min <= times.median && times.median <= times.max)
    #expect(prepared.measure(.seconds(0.001)).count >= 3)
  }

  @Test func aWrongResultIsNotTimed() {
    let row = Benchmark("strict", on: [1, 4, 9, 9], tolerance: -1) { b, x in try b.convolution(x, 6, size: 3) }
    let error = #expect(throws: BenchmarkError.self) { try row.prepare(on: Processor(threadCount: 1)) }
    #expect(error?.description.hasPrefix("strict: the result differs") == true)
  }

  @Test func differencesAreRelativeToTheLargestValue() {
    let b = Tensor([3], [1, -4, 2])
    #expect(largestDifference(Tensor([3], [1, -4, 3]), b) == 0.25 && largestDifference(b, b) == 0)
    #expect(largestDifference(Tensor([3], [1, .nan, 3]), b) == .infinity && largestDifference(Tensor([3]), Tensor([3])) == .infinity)
    #expect(largestDifference(Tensor([4]), b) == .infinity)
  }

  @Test func speedIsWorkByTime() {
    #expect(Work.multiplyAdds(500_000_000).rate(milliseconds: 10) == 100)
    #expect(Work.bytes(3_000_000).rate(milliseconds: 2) == 1.5)
  }

  @Test func timesAreSorted() {
    let times = Times(seconds: [0.004, 0.001, 0.003, 0.002])
    #expect(times.min == 1 && times.max == 4 && times.median == 2.5)
  }

  @Test func aProfileAddsUp() throws {
    let graph = BenchmarkNetwork("small", "") { b in
      let x = try b.normalized(b.input([1, 3, 20, 20]), 8, size: 3, .relu)
      return b.finished(try b.maxPooling(x, size: 3, stride: 2))
    }.graph().graph
    let profile = NetworkProfile(of: graph.compiled(for: Processor(threadCount: 2)), .runs(7))
    #expect(profile.runs == 7 && profile.steps.map(\.step).filter { !$0.isLayoutChange }.map(\.operation) == ["convolution", "max pooling"])
    #expect(abs(profile.steps.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    #expect(profile.milliseconds > 0 && profile.wholeRunMilliseconds > 0 && profile.plannedBytes <= profile.naiveBytes)
  }

  @Test func theMachineIsMeasured() {
    let state = MachineState(of: Processor(threadCount: 2))
    #expect(state.threads == 2 && state.peakPerCore > 0.1 && state.dispatchMicroseconds > 0 && !state.processorName.isEmpty)
  }
}
