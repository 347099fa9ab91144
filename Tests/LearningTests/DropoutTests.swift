import Kernels
import Learning
import Tensors
import Testing

/// Dropout by its properties: which elements it takes is chance.
@Suite struct DropoutTests {
  private static let count = 40_000

  /// What dropouts of one input make of it in one step, and the gradient of the sum of it all.
  private func results(_ rate: Float, _ x: Tensor, seeds: [Int], calls: Int = 1, threads: Int = 2) -> [(outputs: [[Float]], gradient: [Float])] {
    var step = TrainingStep(
      Probe(input: Parameter(x), body: Nothing()), inputs: [("unused", [1])], processor: Processor(threadCount: threads)
    ) { probe, inputs in
      let x = probe.input.node(in: inputs[0].recorder), results = (0..<calls).map { _ in Dropout(rate)(x, phase: .training) }
      return (results.dropFirst().reduce(results[0]) { $0 + $1 }.sum(), results)
    }
    return seeds.map {
      _ = step.run([Tensor([1])], seed: $0)
      return (step.outputs.map(\.elements), step.gradients[0].elements)
    }
  }

  @Test(arguments: [Float(0.1), 0.5, 0.8]) func aShareOfElementsIsZeroAndTheMeanIsKept(rate: Float) {
    let y = results(rate, Tensor([200, 200], repeating: 3), seeds: [11])[0].outputs[0]
    let zeros = Float(y.count { $0 == 0 }) / Float(Self.count), mean = y.reduce(0, +) / Float(Self.count)
    let deviation = (rate * (1 - rate) / Float(Self.count)).squareRoot()
    #expect(abs(zeros - rate) < 5 * deviation, "\(zeros) of \(rate)")
    #expect(abs(mean / 3 - 1) < 5 * deviation / (1 - rate), "a mean of \(mean)")
    #expect(y.allSatisfy { $0 == 0 || abs($0 - 3 / (1 - rate)) < 1e-5 })
  }

  @Test func elementsAreDroppedWithoutRegardToTheirNeighbours() {
    let kept = results(0.5, Tensor([200, 200], repeating: 1), seeds: [4])[0].outputs[0].map { $0 == 0 ? Float(-1) : 1 }
    for distance in [1, 2, 8, 16, 200] {
      let together = zip(kept, kept.dropFirst(distance)).map { $0 * $1 }.reduce(0, +) / Float(Self.count - distance)
      #expect(abs(together) < 5 / Float(Self.count).squareRoot(), "elements \(distance) apart agree: \(together)")
    }
  }

  @Test func theSeedTellsWhichElements() {
    let x = noise(3, [200, 200]), found = results(0.4, x, seeds: [1, 2, 1])
    func dropped(_ result: [Float]) -> Set<Int> { Set(result.indices.filter { result[$0] == 0 }) }
    #expect(found[0].outputs == found[2].outputs)
    let first = dropped(found[0].outputs[0]), second = dropped(found[1].outputs[0])
    let both = Float(first.intersection(second).count) / Float(Self.count)
    #expect(first != second && abs(both - 0.16) < 0.015, "two seeds drop \(both) in common, by chance 0.16")
    for threads in [1, 3, 7] { #expect(results(0.4, x, seeds: [1], threads: threads)[0].outputs == found[0].outputs, "\(threads) threads") }
  }

  @Test func eachCallDropsOtherElements() {
    let found = results(0.5, Tensor([200, 200], repeating: 1), seeds: [1], calls: 2)[0].outputs
    let agreeing = Float(zip(found[0], found[1]).count { $0 == $1 }) / Float(Self.count)
    #expect(abs(agreeing - 0.5) < 0.02, "\(agreeing) of the elements agree")
  }

  @Test func theGradientPassesWhereTheElementPassed() {
    let found = results(0.3, Tensor([200, 200], repeating: 1), seeds: [9])[0]
    #expect(found.gradient == found.outputs[0])
  }

  @Test func inUseNothingIsDropped() {
    let recorder = Recorder(), x = recorder.input("x", [2, 3])
    #expect(Dropout(0.5)(x, phase: .inference).index == x.index)
    #expect(Dropout(0)(x, phase: .training).index == x.index)
  }
}
