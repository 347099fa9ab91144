import Foundation
import Learning
import Tensors
import Testing

/// Metrics against their definitions, counted example by example.
@Suite struct MetricsTests {
  static func labels(_ count: Int, classes: Int, seed: UInt64) -> [Int] {
    var random = RandomNumbers(seed: seed)
    return (0..<count).map { _ in random.index(below: classes) }
  }

  @Test func confusionMatrixAndItsScores() throws {
    let classes = 4, actual = Self.labels(500, classes: classes, seed: 1), guesses = Self.labels(500, classes: classes, seed: 2)
    let predicted = zip(actual, guesses).enumerated().map { $0 % 3 == 0 ? $1.1 : $1.0 }
    let matrix = try ConfusionMatrix(predicted: predicted, actual: actual, classCount: classes), pairs = Array(zip(actual, predicted))
    var sums = (0.0, 0.0, 0.0), weighted = (0.0, 0.0, 0.0)
    for index in 0..<classes {
      for other in 0..<classes { #expect(matrix[index, other] == pairs.count { $0 == (index, other) }) }
      let right = Double(pairs.count { $0 == (index, index) })
      let precision = right / Double(predicted.count { $0 == index }), recall = right / Double(actual.count { $0 == index })
      let f1 = 2 * precision * recall / (precision + recall), scores = matrix.scores(of: index)
      for (a, b) in [(scores.precision, precision), (scores.recall, recall), (scores.f1, f1)] { #expect(abs(a - b) < 1e-12) }
      let weight = Double(actual.count { $0 == index }) / 500
      sums = (sums.0 + precision / 4, sums.1 + recall / 4, sums.2 + f1 / 4)
      weighted = (weighted.0 + weight * precision, weighted.1 + weight * recall, weighted.2 + weight * f1)
    }
    let macro = matrix.macroScores, means = matrix.weightedScores, right = Double(pairs.count { $0 == $1 }) / 500
    for (a, b) in [(macro.precision, sums.0), (macro.recall, sums.1), (macro.f1, sums.2)] { #expect(abs(a - b) < 1e-12) }
    for (a, b) in [(means.precision, weighted.0), (means.recall, weighted.1), (means.f1, weighted.2)] { #expect(abs(a - b) < 1e-12) }
    #expect(matrix.microScores == PrecisionRecall(precision: right, recall: right, f1: right))
    #expect(matrix.accuracy == right && matrix.total == 500)
    #expect(try accuracy(predicted, actual) == right)
  }

  /// Published: the example of scikit-learn's page of `f1_score`, labels 0 1 2 0 1 2 taken for 0 2 1 0 0 1.
  @Test func aKnownF1() throws {
    let matrix = try ConfusionMatrix(predicted: [0, 2, 1, 0, 0, 1], actual: [0, 1, 2, 0, 1, 2], classCount: 3)
    #expect((0..<3).map { matrix.scores(of: $0).f1 } == [0.8, 0, 0])
    #expect(abs(matrix.macroScores.f1 - 0.8 / 3) < 1e-12 && abs(matrix.microScores.f1 - 1 / 3.0) < 1e-12)
  }

  @Test func classesWithoutExamplesScoreNothing() throws {
    let matrix = try ConfusionMatrix(predicted: [0, 0], actual: [0, 0], classCount: 3)
    #expect(matrix.scores(of: 2) == PrecisionRecall(precision: 0, recall: 0, f1: 0) && matrix.accuracy == 1)
    #expect(ConfusionMatrix(classCount: 2).accuracy == 0 && ConfusionMatrix(classCount: 2).weightedScores.f1 == 0)
    #expect(throws: MetricError.noSuchClass(index: 1, found: 3, count: 3)) { try ConfusionMatrix(predicted: [0, 0], actual: [0, 3], classCount: 3) }
    #expect(throws: MetricError.noSuchClass(index: 0, found: -1, count: 3)) { try ConfusionMatrix(predicted: [-1], actual: [0], classCount: 3) }
  }

  @Test func accuracyAmongTheLargest() throws {
    let scores = Tensor([3, 4], [0.1, 0.4, 0.3, 0.2, 0.25, 0.25, 0.25, 0.25, 0.9, 0.05, 0.03, 0.02])
    #expect(try accuracy(scores, [1, 0, 0]) == 1)
    #expect(try accuracy(scores, [2, 1, 3]) == 0)
    #expect(try accuracy(scores, [2, 1, 3], amongLargest: 2) == 2 / 3.0)
    #expect(try accuracy(scores, [0, 3, 3], amongLargest: 4) == 1)
    #expect(throws: MetricError.notANumber(index: 1)) { try accuracy(Tensor([1, 2], [0, .nan]), [0]) }
    #expect(throws: MetricError.noSuchClass(index: 0, found: 2, count: 2)) { try accuracy(Tensor([1, 2]), [2]) }
    #expect(throws: MetricError.noExamples) { try accuracy([], []) }
    #expect(throws: MetricError.noExamples) { try accuracy(Tensor([0, 2]), []) }
  }

  @Test func areaUnderTheCurveCountsPairs() throws {
    var random = RandomNumbers(seed: 4)
    for steps in [3, 10, 1_000] {  // few steps: many equal scores
      let isPositive = (0..<300).map { _ in random.index(below: 3) == 0 }
      let scores = isPositive.map { (Float(random.index(below: steps)) + ($0 ? 0.3 * Float(steps) : 0).rounded()) / Float(steps) }
      let curve = try ROCCurve(scores: scores, isPositive: isPositive)
      var wins = 0.0, pairs = 0.0
      for a in scores.indices where isPositive[a] {
        for b in scores.indices where !isPositive[b] {
          pairs += 1
          wins += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0
        }
      }
      #expect(abs(curve.area - wins / pairs) < 1e-12)
      for point in curve.points {
        let found = scores.indices.count { isPositive[$0] && scores[$0] >= point.threshold }
        let wrong = scores.indices.count { !isPositive[$0] && scores[$0] >= point.threshold }
        #expect(point.truePositiveRate == Double(found) / Double(curve.positives))
        #expect(point.falsePositiveRate == Double(wrong) / Double(curve.negatives))
      }
      #expect(curve.points.last.map { ($0.falsePositiveRate, $0.truePositiveRate) == (1, 1) } == true)
      let best = curve.bestPoint
      #expect(curve.points.allSatisfy { $0.truePositiveRate - $0.falsePositiveRate <= best.truePositiveRate - best.falsePositiveRate })
    }
  }

  @Test func curvesThatThereAreNot() {
    #expect(throws: MetricError.oneClass(positives: 2, negatives: 0)) { try ROCCurve(scores: [1, 2], isPositive: [true, true]) }
    #expect(throws: MetricError.oneClass(positives: 0, negatives: 0)) { try ROCCurve(scores: [], isPositive: []) }
    #expect(throws: MetricError.notANumber(index: 1)) { try ROCCurve(scores: [1, .nan], isPositive: [true, false]) }
    for error in [MetricError.noExamples, .oneClass(positives: 1, negatives: 0), .notANumber(index: 3), .notAProbability(index: 1, found: 2)] {
      #expect("\(error)".count > 30)
    }
  }

  @Test func perfectAndWorstOrder() throws {
    #expect(try ROCCurve(scores: [3, 2, 1], isPositive: [true, true, false]).area == 1)
    #expect(try ROCCurve(scores: [1, 2, 3], isPositive: [true, true, false]).area == 0)
    #expect(try ROCCurve(scores: [1, 1, 1], isPositive: [true, true, false]).area == 0.5)
    #expect(try ROCCurve(scores: [.infinity, -.infinity], isPositive: [true, false]).area == 1)
  }

  @Test func reliabilityOfBins() throws {
    var random = RandomNumbers(seed: 8)
    let probabilities = (0..<2_000).map { _ in random.uniform() } + [0, 1, 0.1, 0.5], cameTrue = probabilities.map { random.uniform() < $0 * $0 }
    let found = try Reliability(probabilities: probabilities, cameTrue: cameTrue, binCount: 10)
    var expected = 0.0, largest = 0.0
    for bin in 0..<10 {
      let lower = Double(bin) / 10, upper = Double(bin + 1) / 10
      let members = probabilities.indices.filter { (Double(probabilities[$0]) > lower || bin == 0) && Double(probabilities[$0]) <= upper }
      let mean = members.reduce(0) { $0 + Double(probabilities[$1]) } / Double(members.count)
      let frequency = Double(members.count { cameTrue[$0] }) / Double(members.count)
      #expect(found.bins[bin].count == members.count && abs(found.bins[bin].meanProbability - mean) < 1e-12)
      expected += Double(members.count) / 2_004 * abs(mean - frequency)
      largest = max(largest, abs(mean - frequency))
    }
    #expect(abs(found.expectedError - expected) < 1e-12 && abs(found.largestError - largest) < 1e-12)
    let brier = zip(probabilities, cameTrue).reduce(0) { $0 + pow(Double($1.0) - ($1.1 ? 1 : 0), 2) } / 2_004
    #expect(abs(found.brierScore - brier) < 1e-12 && found.bins.reduce(0) { $0 + $1.count } == 2_004)
  }

  @Test func probabilitiesThatAreNot() {
    for bad: Float in [-0.001, 1.001, .nan, .infinity] {
      #expect(throws: MetricError.self) { try Reliability(probabilities: [0.5, bad], cameTrue: [true, true]) }
    }
    #expect(throws: MetricError.noExamples) { try Reliability(probabilities: [], cameTrue: []) }
  }

  @Test func temperatureAsFoundByPyTorch() throws {
    let test = fixture["temperature"], labels = test["labels"].ints, logits = Tensor([labels.count, 4], test["logits"].floats)
    let found = try TemperatureScaling(logits: logits, labels: labels)
    #expect(abs(found.temperature - test["temperature"].number) < 1e-6, "\(found.temperature)")
    #expect(abs(found.lossBefore - test["before"].number) < 1e-9 && abs(found.lossAfter - test["after"].number) < 1e-9)
  }

  @Test func temperaturesAtTheEnds() throws {
    // All right: no temperature is too small. All wrong: none is too large.
    let logits = Tensor([2, 2], [3, -3, -3, 3])
    #expect(abs(try TemperatureScaling(logits: logits, labels: [0, 1]).temperature - TemperatureScaling.range.lowerBound) < 1e-3)
    #expect(abs(try TemperatureScaling(logits: logits, labels: [1, 0]).temperature / TemperatureScaling.range.upperBound - 1) < 1e-3)
    #expect(try TemperatureScaling(logits: Tensor([1, 3]), labels: [1]).temperature == 1)
    #expect(throws: MetricError.notANumber(index: 1)) { try TemperatureScaling(logits: Tensor([1, 2], [0, .infinity]), labels: [0]) }
    #expect(throws: MetricError.noExamples) { try TemperatureScaling(logits: Tensor([0, 2]), labels: []) }
  }

  /// From Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  @Test func wilsonIntervals() throws {
    for (successes, trials, lower, upper) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)] {
      let interval = try ConfidenceInterval.wilson(successes: successes, trials: trials)
      #expect(abs(interval.lower - lower) < 5.1e-5 && abs(interval.upper - upper) < 5.1e-5, "\(interval)")
      let mirrored = try ConfidenceInterval.wilson(successes: trials - successes, trials: trials)
      #expect(abs(mirrored.lower - (1 - interval.upper)) < 1e-12 && abs(mirrored.upper - (1 - interval.lower)) < 1e-12)
    }
    #expect(throws: MetricError.noExamples) { try ConfidenceInterval.wilson(successes: 0, trials: 0) }
  }

  /// The ends solve |p̂ − p| = z √(p (1 − p) / n), with the normal quantiles of another source.
  @Test func confidencesBecomeQuantiles() throws {
    for pair in fixture["quantiles"].list {
      let confidence = pair[0].number, z = pair[1].number
      let interval = try ConfidenceInterval.wilson(successes: 30, trials: 100, confidence: confidence)
      for p in [interval.lower, interval.upper] {
        #expect(abs(abs(0.3 - p) - z * (p * (1 - p) / 100).squareRoot()) < 1e-9 * (1 + z), "\(confidence)")
      }
    }
  }

  @Test func bootstrapIntervals() throws {
    var random = RandomNumbers(seed: 2)
    let values = (0..<400).map { _ in Double(random.normal()) }
    func mean(_ sample: [Int]) -> Double { sample.reduce(0) { $0 + values[$1] } / Double(sample.count) }
    let interval = try ConfidenceInterval.bootstrap(count: 400, seed: 1, mean), center = mean(Array(0..<400))
    // The mean of 400 normal numbers has a standard error of 0.05.
    #expect(abs(interval.lower - (center - 0.098)) < 0.015 && abs(interval.upper - (center + 0.098)) < 0.015)
    #expect(try ConfidenceInterval.bootstrap(count: 400, seed: 1, mean) == interval)
    #expect(try ConfidenceInterval.bootstrap(count: 400, seed: 2, mean) != interval)
    #expect(try ConfidenceInterval.bootstrap(count: 1, resamples: 1, seed: 1) { _ in 3 } == ConfidenceInterval(lower: 3, upper: 3))
    #expect(throws: MetricError.noExamples) { try ConfidenceInterval.bootstrap(count: 0, seed: 1, mean) }
    #expect(throws: MetricError.noExamples) { try ConfidenceInterval.bootstrap(count: 5, seed: 1) { _ in .nan } }
  }

  @Test func errorsByCause() {
    let ceilings = ErrorCeilings(error: 10, taggedMistakes: [["dog"], ["dog", "blurry"], ["blurry", "blurry"], [], ["great cat"]])
    #expect(ceilings.causes.map(\.name) == ["blurry", "dog", "great cat"] && ceilings.causes.map(\.reduction) == [4, 4, 2])
    #expect(ceilings.largest?.share == 0.4 && ErrorCeilings(error: 0, taggedMistakes: []).largest == nil)
    #expect(ErrorCeilings(error: 0, causes: ["a": 0]).causes[0].share == 0)
  }

  @Test func withoutSetsThereAreNoParts() {
    let decomposition = ErrorDecomposition(human: 1, train: 2, dev: 10)
    #expect(decomposition.variance == 8 && decomposition.dataMismatch == nil && decomposition.overfittingToDev == nil)
    #expect(decomposition.focus == .variance)
    #expect(ErrorDecomposition(human: 1, train: 2, trainDev: 2.5, dev: 10, test: 12).focus == .dataMismatch)
    #expect(ErrorDecomposition(human: 1, train: 2, trainDev: 2.5, dev: 3, test: 12).focus == .overfittingToDev)
    #expect(ErrorDecomposition.humanLevel([]) == nil && ErrorDecomposition.Part.allCases.allSatisfy { !$0.advice.isEmpty })
  }
}
