/// One candidate for each box whose best class is certain enough: `score = confidence · max over k of P(k)`, kept where `score ≥ threshold`.
///
/// YOLO with one label a box, in place of one candidate for each class. The confidences and probabilities are taken as they are.
///
/// - Parameters:
///   - confidences: One a box.
///   - probabilities: For each box those of all classes.
/// - Returns: In the order of the boxes; of equal classes the first counts.
/// - Precondition: as many boxes as confidences, and the same number of probabilities for each.
public func bestClassCandidates(confidences: [Float], boxes: [Box], probabilities: [Float], threshold: Float) -> [Candidate] {
  precondition(
    confidences.count == boxes.count && (boxes.isEmpty ? probabilities.isEmpty : probabilities.count % boxes.count == 0),
    "\(boxes.count) boxes with \(confidences.count) confidences and \(probabilities.count) probabilities")
  guard !boxes.isEmpty else { return [] }
  let classes = probabilities.count / boxes.count
  return boxes.indices.compactMap { index in
    var best: (classIndex: Int, score: Float)? = nil
    for classIndex in 0..<classes {
      let score = confidences[index] * probabilities[index * classes + classIndex]
      if score > best?.score ?? -.infinity { best = (classIndex, score) }
    }
    guard let best, best.score >= threshold else { return nil }
    return Candidate(classIndex: best.classIndex, confidence: best.score, box: boxes[index])
  }
}
