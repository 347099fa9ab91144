import Detection
import Testing

@Suite struct DetectionAgreementTests {
  private func detection(_ classIndex: Int, _ confidence: Float, x: Double) -> Detection {
    Detection(label: "\(classIndex)", classIndex: classIndex, confidence: confidence, box: Box(x: x, y: 0, width: 10, height: 10))
  }

  @Test func detectionsAreMatchedByClassAndOverlap() {
    var agreement = DetectionAgreement()
    agreement.add(
      expected: [detection(1, 0.9, x: 0), detection(1, 0.8, x: 50), detection(2, 0.5, x: 100)],
      found: [detection(1, 0.75, x: 51), detection(1, 0.85, x: 0), detection(3, 0.5, x: 100), detection(2, 0.5, x: 106)])
    #expect(agreement.pictures == 1 && agreement.expected == 3 && agreement.found == 4 && agreement.matched == 2)
    #expect(abs(agreement.leastOverlap - 9.0 / 11) < 1e-9 && abs(agreement.meanOverlap - (1 + 9.0 / 11) / 2) < 1e-9)
    #expect(abs(agreement.greatestDifference - 0.05) < 1e-6 && abs(agreement.meanDifference - 0.05) < 1e-6)
  }

  @Test func eachDetectionIsTakenOnce() {
    var agreement = DetectionAgreement()
    agreement.add(expected: [detection(1, 0.9, x: 0), detection(1, 0.8, x: 1)], found: [detection(1, 0.9, x: 0)])
    #expect(agreement.matched == 1 && agreement.greatestDifference == 0)
  }

  @Test func nothingAgreesWithNothing() {
    var agreement = DetectionAgreement()
    agreement.add(expected: [], found: [])
    #expect(agreement.pictures == 1 && agreement.matched == 0 && agreement.meanOverlap == 1 && agreement.meanDifference == 0)
  }
}
