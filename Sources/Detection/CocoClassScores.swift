/// Precision and recall of one class.
struct CocoClassScores {
  /// By area: a curve for each threshold, or nothing where no annotation counts.
  private(set) var curves: [CocoArea: [PrecisionRecallCurve]] = [:]
  private let matching: CocoMatching

  init(_ matching: CocoMatching) {
    self.matching = matching
    let scores = matching.scores
    let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
    for area in CocoArea.allCases {
      let positives = matching.positives[area.rawValue]
      guard positives > 0 else { continue }
      curves[area] = cocoThresholds.indices.map { threshold in
        CocoClassScores.curve(order.lazy.map { matching.outcomes[$0] }, bit: CocoMatching.bit(area, threshold), positives: positives)
      }
    }
  }

  /// The mean over the thresholds of the areas under the curves.
  func averagePrecision(_ area: CocoArea) -> Double? {
    curves[area].flatMap { CocoClassScores.mean($0.map(\.averagePrecision)) }
  }

  /// The mean over the thresholds of the share of annotations found by the first `maximum` results of each picture.
  func recall(_ area: CocoArea, maximum: Int) -> Double? {
    let positives = matching.positives[area.rawValue]
    guard positives > 0 else { return nil }
    return CocoClassScores.mean(
      cocoThresholds.indices.map { threshold in
        let bit = CocoMatching.bit(area, threshold)
        let right = matching.outcomes.indices.count { matching.outcomes[$0].right & bit != 0 && matching.ranks[$0] < maximum }
        return Double(right) / Double(positives)
      })
  }

  /// The mean of the values that are there.
  static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// - Parameter outcomes: From the most certain result down.
  private static func curve(_ outcomes: some Collection<CocoMatching.Outcome>, bit: UInt64, positives: Int) -> PrecisionRecallCurve {
    var recalls: [Double] = [], precisions: [Double] = []
    recalls.reserveCapacity(outcomes.count)
    precisions.reserveCapacity(outcomes.count)
    var right = 0, counted = 0
    for outcome in outcomes where outcome.ignored & bit == 0 {  // an ignored result moves neither number
      counted += 1
      if outcome.right & bit != 0 { right += 1 }
      recalls.append(Double(right) / Double(positives))
      precisions.append(Double(right) / Double(counted))
    }
    for index in precisions.indices.dropFirst().reversed() { precisions[index - 1] = max(precisions[index - 1], precisions[index]) }
    var place = 0
    return PrecisionRecallCurve(
      precisions: PrecisionRecallCurve.recalls.map { wanted in
        while place < recalls.count && recalls[place] < wanted { place += 1 }
        return place < precisions.count ? precisions[place] : 0
      })
  }
}
