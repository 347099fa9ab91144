import Foundation
import Kernels
import Learning
import Synchronization
import Tensors
import Testing

/// Training in epochs: shuffling, early stopping, divergence, and resuming.
@Suite struct TrainerTests {
  private let x: Tensor, y: Tensor

  init() {
    var random = RandomNumbers(seed: 4)
    x = Tensor([50, 6], normalWith: 1, using: &random)
    let elements = x.elements
    y = oneHot((0..<50).map { row in elements[6 * row] + elements[6 * row + 1] > 0 ? elements[6 * row + 2] > 0 ? 2 : 1 : 0 }, classes: 3)
  }

  private func trainer(_ optimizer: Adam = Adam(learningRate: 0.02), seed: UInt64 = 9, threads: Int = 2) -> Trainer<Dropping, Adam> {
    var random = RandomNumbers(seed: 1)
    let network = Dropping(hidden: Linear(6, 16, using: &random), norm: BatchNorm(16), head: Linear(16, 3, using: &random))
    return Trainer(
      network, optimizer: optimizer, batches: MiniBatches(count: 50, size: 16, seed: seed), processor: Processor(threadCount: threads),
      inputs: { [("x", [$0, 6]), ("y", [$0, 3])] }
    ) { softmaxCrossEntropy($0($1[0], phase: .training), $1[1]) }
  }

  private func examples(_ indices: [Int]) -> [Tensor] { [x.items(indices), y.items(indices)] }

  private func bits(_ model: Dropping) -> [UInt32] { model.parameters.flatMap { $0.parameter.value.elements.map(\.bitPattern) } }

  private func accuracy(_ model: Dropping) -> Double {
    let recorder = Recorder(), logits = recorder.graph(returning: [model(recorder.constant(x), phase: .inference)]).compiled().run([])[0].elements
    let targets = y.elements
    let right = (0..<50).filter { row in
      let own = Array(logits[3 * row..<3 * row + 3])
      return targets[3 * row + own.firstIndex(of: own.max()!)!] == 1
    }
    return Double(right.count) / 50
  }

  @Test func itLearnsAndKeepsTheBest() throws {
    var trainer = trainer(), seen: [Int] = []
    let history = try trainer.run(epochs: 30, examples: examples, score: accuracy, progress: { progress in
      seen.append(progress.epoch * 4 + progress.batch)
      return true
    })
    #expect(seen == Array(0..<120))  // 16, 16, 16 and 2 examples
    #expect(history.epochs.count == 30 && history.epochs[29].loss < 0.7 * history.epochs[0].loss)
    let best = try #require(history.bestEpoch), scores = history.epochs.compactMap(\.score)
    #expect(scores[best] == scores.max() && scores.firstIndex(of: scores.max()!) == best && scores[best] > 0.85)
    #expect(accuracy(trainer.best) == scores[best])
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    func trained(_ seed: UInt64, _ threads: Int) throws -> [UInt32] {
      var trainer = trainer(seed: seed, threads: threads)
      try trainer.run(epochs: 3, examples: examples)
      return bits(trainer.model)
    }
    let first = try trained(9, 1)
    #expect(try trained(9, 1) == first && trained(9, 3) == first && trained(10, 1) != first)
  }

  @Test(arguments: [0, 1, 4, 7]) func resumingEqualsNeverHavingStopped(epochs: Int) throws {
    var whole = trainer()
    let history = try whole.run(epochs: 8, examples: examples, score: accuracy)
    var first = trainer()
    try first.run(epochs: epochs, examples: examples, score: accuracy)
    let checkpoint = first.checkpoint
    var second = trainer()
    try second.resume(checkpoint)
    #expect(try second.run(epochs: 8, examples: examples, score: accuracy) == history)
    #expect(bits(second.model) == bits(whole.model) && bits(second.best) == bits(whole.best))
  }

  @Test func aCheckpointOfAnotherNetworkIsRefused() throws {
    var trainer = trainer()
    try trainer.run(epochs: 1, examples: examples, score: accuracy)
    let good = trainer.checkpoint, before = bits(trainer.model)
    for name in ["model.hidden.weight", "optimizer.step", "history.loss", "best.norm.running_mean", "history.score.0"] {
      let bad = Checkpoint(tensors: good.tensors.filter { $0.name != name })
      let error = #expect(throws: StateError.self, "\(name)") { try trainer.resume(bad) }
      #expect("\(error!)".contains(name.split(separator: ".").last!), "\(name): \(error!)")
    }
    let wrong = Checkpoint(tensors: good.tensors.map { $0.name == "model.head.bias" ? ($0.name, Tensor([7])) : $0 })
    #expect(throws: StateError.shape(name: "model.head.bias", found: [7], expected: [3])) { try trainer.resume(wrong) }
    #expect(bits(trainer.model) == before)
  }

  @Test func batchesLoadedInTheBackgroundGiveTheSameBits() throws {
    let x = x, y = y, seen = Mutex<[Batch]>([]), main = pthread_self()
    let elsewhere = Mutex(0)
    var own = trainer(), other = trainer()
    let history = try own.run(epochs: 3, examples: examples)
    let same = try other.run(epochs: 3, loading: { batch in
      seen.withLock { $0.append(batch) }
      if pthread_equal(pthread_self(), main) == 0 { elsewhere.withLock { $0 += 1 } }
      return [x.items(batch.indices), y.items(batch.indices)]
    })
    #expect(same == history && bits(own.model) == bits(other.model))
    // Each batch once and in order, all but the first by another thread.
    let order = (0..<3).flatMap { epoch in own.batches.epoch(epoch).enumerated().map { Batch(epoch: epoch, number: $0.offset, indices: $0.element) } }
    #expect(seen.withLock { $0 } == order && elsewhere.withLock { $0 } == order.count - 1)
  }

  @Test func whoHasLostPatienceStaysSo() throws {
    var trainer = trainer()
    trainer.patience = 2
    try trainer.run(epochs: 9, examples: examples, score: { _ in 1 })
    #expect(trainer.history.epochs.count == 3 && trainer.hasLostPatience)
    var resumed = self.trainer()
    resumed.patience = 2
    try resumed.resume(trainer.checkpoint)
    try resumed.run(epochs: 9, examples: examples, score: { _ in 2 })
    #expect(resumed.history == trainer.history)
  }

  @Test func itStopsWhenTheScoreNoLongerGrows() throws {
    var trainer = trainer(), scores = [0.1, 0.5, 0.4, 0.5, 0.3, 0.9].makeIterator()
    trainer.patience = 3
    let history = try trainer.run(epochs: 20, examples: examples, score: { _ in scores.next()! })
    #expect(history.epochs.count == 5 && history.bestEpoch == 1)
  }

  @Test func divergenceIsToldAndUndone() throws {
    var trainer = trainer()
    try trainer.run(epochs: 2, examples: examples)
    let before = bits(trainer.model)
    var bad = x
    bad[31, 2] = .nan
    do {
      try trainer.run(epochs: 4, examples: { [bad.items($0), y.items($0)] })
      Issue.record("a NaN was learned from")
    } catch {
      guard case .diverged(let step, let epoch, let loss, let parameter, let rate) = error else { return }
      #expect((8..<12).contains(step) && epoch == 2 && loss.isNaN && parameter == "hidden.weight" && rate == 0.02)
      #expect("\(error)".contains("hidden.weight") && "\(error)".contains("smaller learning rate") && "\(error)".contains("step \(step)"))
    }
    #expect(bits(trainer.model) == before)
    // The rate that is told is that of the step, not the one that the optimiser began with.
    var scheduled = self.trainer()
    scheduled.schedule = ConstantRate(0.5)
    let error = #expect(throws: TrainingError.self) { try scheduled.run(epochs: 1, examples: { [bad.items($0), y.items($0)] }) }
    if case .diverged(_, _, _, _, let rate) = error { #expect(rate == 0.5) }
    try trainer.run(epochs: 4, examples: examples)
    #expect(trainer.history.epochs.count == 4)
  }

  @Test func schedulesAndClippingAreUsed() throws {
    func trained(_ change: (inout Trainer<Dropping, Adam>) -> Void) throws -> [UInt32] {
      var trainer = trainer()
      change(&trainer)
      try trainer.run(epochs: 1, examples: examples)
      return bits(trainer.model)
    }
    let plain = try trained { _ in }
    #expect(try trained { $0.largestNorm = 0.01 } != plain && trained { $0.largestNorm = 1e6 } == plain)
    #expect(try trained { $0.schedule = StepDecay(initial: 0.02, factor: 0.5, every: 2) } != plain)
  }

  @Test func aRunThatIsStoppedKeepsWhatItHas() throws {
    var trainer = trainer()
    let history = try trainer.run(epochs: 5, examples: examples, progress: { !($0.epoch == 2 && $0.batch == 1) })
    #expect(history.epochs.count == 2)
    var resumed = self.trainer(), whole = self.trainer()
    try resumed.resume(trainer.checkpoint)
    try resumed.run(epochs: 5, examples: examples)
    try whole.run(epochs: 5, examples: examples)
    #expect(bits(resumed.model) == bits(whole.model))
  }
}

private struct Dropping: Layer {
  var hidden: Linear, norm: BatchNorm, head: Linear
  func callAsFunction(_ x: Node, phase: Phase) -> Node { head(Dropout(0.2)(relu(norm(hidden(x), phase: phase)), phase: phase)) }
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("hidden", &hidden)
    try visitor.visit("norm", &norm)
    try visitor.visit("head", &head)
  }
}
