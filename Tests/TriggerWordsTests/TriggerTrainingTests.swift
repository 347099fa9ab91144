import Foundation
import Kernels
import Learning
import Tensors
import Testing
import TriggerWords

/// A rising tone is the phrase, a falling one is not, in a little noise.
private func tones(_ index: Int, seed: UInt64) -> TrainingClip {
  var random = RandomNumbers(seed: seed &* 1000 &+ UInt64(index))
  let rate = 16_000
  var samples = (0..<3 * rate).map { _ in 0.002 * random.normal() }, phrases: [TrainingClip.Occurrence] = []
  for place in [0.2, 1.2, 2.1] where Float.random(in: 0..<1, using: &random) < 0.7 {
    let start = place + Double.random(in: 0..<0.2, using: &random), isRising = Bool.random(using: &random)
    let low = Double.random(in: 300..<500, using: &random)
    for sample in 0..<rate * 2 / 5 {
      let time = Double(sample) / Double(rate), part = isRising ? time : 0.4 - time
      samples[Int(start * Double(rate)) + sample] += 0.2 * Float(sin(2 * .pi * (low * part + 2000 * part * part) * (isRising ? 1 : -1)))
    }
    if isRising { phrases.append(.init(start: start, end: start + 0.4)) }
  }
  return TrainingClip(sampleRate: rate, samples: samples, positives: phrases)
}

@Suite struct TriggerTrainingTests {
  private static func recipe() -> TriggerTraining {
    var recipe = TriggerTraining()
    recipe.epochs = 6
    recipe.batchSize = 8
    return recipe
  }

  private static func examples(_ count: Int, seed: UInt64, _ recipe: TriggerTraining) throws -> TriggerExamples {
    try #require(try TriggerExamples.make(count, seconds: 3, for: recipe.network) { tones($0, seed: seed) })
  }

  @Test func aRisingToneIsToldFromAFallingOne() throws {
    let recipe = Self.recipe(), train = try Self.examples(96, seed: 1, recipe), dev = try Self.examples(24, seed: 2, recipe)
    #expect(train.count == 96 && (80...120).contains(train.phraseCount) && abs(train.seconds - 96 * 3.4) < 1)
    let result = try recipe.run(train: train, dev: dev)
    let best = try #require(result.history.bestEpoch)
    #expect(result.isComplete && result.history.epochs.count == 6 && result.history.epochs[best].score! > 0.95)
    // What it learned holds for a stream.
    let model = TriggerModel(phrase: "rise", network: result.network, threshold: 0.5, phraseSeconds: 0.4)
    var found = 0, phrases = 0, wrong = 0
    for index in 0..<12 {
      let clip = tones(index, seed: 3), stream = try model.scores(), scores = stream.push(clip.samples) + stream.finish()
      phrases += clip.positives.count
      var isFree = [Bool](repeating: true, count: scores.count)
      for phrase in clip.positives {
        let first = Int((phrase.end - 0.3) / stream.stepSeconds), last = min(scores.count, Int((phrase.end + 0.6) / stream.stepSeconds))
        if scores[first..<last].max()! > 0.5 { found += 1 }
        for step in first..<last { isFree[step] = false }
      }
      wrong += zip(scores, isFree).count { $0 > 0.5 && $1 } > 0 ? 1 : 0
    }
    #expect(Double(found) >= 0.9 * Double(phrases) && phrases > 8 && wrong <= 1, "found \(found) of \(phrases), \(wrong) clips with others")
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    var recipe = Self.recipe()
    recipe.epochs = 1
    let train = try Self.examples(16, seed: 1, recipe), dev = try Self.examples(8, seed: 2, recipe)
    func bits(_ threads: Int) throws -> [[Float]] {
      try recipe.run(train: train, dev: dev, processor: Processor(threadCount: threads)).network.parameters.map(\.parameter.value.elements)
    }
    let first = try bits(1)
    #expect(try bits(2) == first)
    recipe.seed = 2
    #expect(try bits(1) != first)
  }

  @Test func itEndsWhenAsked() throws {
    let recipe = Self.recipe(), examples = try Self.examples(16, seed: 1, recipe)
    var steps = 0
    let result = try recipe.run(train: examples, dev: examples) { _, _ in
      steps += 1
      return steps < 3
    }
    #expect(!result.isComplete && steps == 3)
    #expect(try TriggerExamples.make(100, seconds: 3, for: recipe.network, { tones($0, seed: 1) }, progress: { $0 < 32 }) == nil)
  }
}
