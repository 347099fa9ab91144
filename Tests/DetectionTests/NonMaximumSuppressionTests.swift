import Detection
import Tensors
import Testing

@Suite struct NonMaximumSuppressionTests {
  func randomCandidates(_ count: Int, seed: UInt64) -> [Candidate] {
    var random = RandomNumbers(seed: seed)
    return (0..<count).map { _ in
      Candidate(
        classIndex: Int(random.uniform(in: 0..<3)), confidence: (random.uniform() * 20).rounded() / 20,  // with many ties
        box: Box(
          x: Double(random.uniform(in: 0..<60)), y: Double(random.uniform(in: 0..<60)), width: Double(random.uniform(in: 5..<40)),
          height: Double(random.uniform(in: 5..<40))))
    }
  }

  /// The definition, pair by pair.
  func isRight(_ kept: [Int], of candidates: [Candidate], _ suppression: NonMaximumSuppression) -> Bool {
    func precedes(_ a: Int, _ b: Int) -> Bool { (candidates[a].confidence, b) > (candidates[b].confidence, a) }
    func covers(_ a: Int, _ b: Int) -> Bool {
      (!suppression.perClass || candidates[a].classIndex == candidates[b].classIndex)
        && candidates[a].box.intersectionOverUnion(candidates[b].box) > suppression.threshold
    }
    return candidates.indices.allSatisfy { index in
      kept.contains(index) != kept.contains { precedes($0, index) && covers($0, index) }
    } && zip(kept, kept.dropFirst()).allSatisfy(precedes)
  }

  @Test(arguments: [0.0, 0.3, 0.45, 0.9], [true, false])
  func keepsExactlyWhatNothingBetterCovers(threshold: Double, perClass: Bool) {
    for seed in 0..<8 {
      let candidates = randomCandidates(120, seed: UInt64(seed))
      let suppression = NonMaximumSuppression(threshold: threshold, perClass: perClass, maximum: .max)
      let kept = suppression.indices(candidates)
      #expect(isRight(kept, of: candidates, suppression))
      #expect(suppression(suppression(candidates)) == suppression(candidates))  // a second time changes nothing
      var few = suppression
      few.maximum = 7
      #expect(few.indices(candidates) == Array(kept.prefix(7)))
    }
  }

  @Test func equalConfidencesKeepTheirOrder() {
    let box = Box(x: 0, y: 0, width: 1, height: 1)
    let candidates = (0..<5).map { Candidate(classIndex: $0, confidence: 0.5, box: box) }
    #expect(NonMaximumSuppression().indices(candidates) == [0, 1, 2, 3, 4])
    #expect(NonMaximumSuppression(perClass: false).indices(candidates) == [0])
  }

  @Test func nothingAndNotANumber() {
    let box = Box(x: 0, y: 0, width: 1, height: 1)
    #expect(NonMaximumSuppression()([]).isEmpty)
    #expect(NonMaximumSuppression(maximum: 0)([Candidate(classIndex: 0, confidence: 1, box: box)]).isEmpty)
    let candidates = [Candidate(classIndex: 0, confidence: .nan, box: box), Candidate(classIndex: 0, confidence: 0.1, box: box)]
    #expect(NonMaximumSuppression().indices(candidates) == [1])
  }
}
