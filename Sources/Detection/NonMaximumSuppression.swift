/// Keeps one of several candidates for the same object: greedily, the most confident candidate stays, and those that overlap it by more than a threshold go.
///
/// Candidates count from the most confident down; of equal ones the earlier first, so that the result does not depend on the sort.
public struct NonMaximumSuppression: Sendable, Hashable {
  /// A candidate goes when its intersection over union with one that stays is above this.
  public var threshold: Double
  /// Whether candidates of different classes leave each other alone.
  public var perClass: Bool
  /// The most candidates that stay.
  public var maximum: Int

  public init(threshold: Double = 0.45, perClass: Bool = true, maximum: Int = 300) {
    self.threshold = threshold
    self.perClass = perClass
    self.maximum = maximum
  }

  /// The places in `candidates` of those that stay, the most confident first. Candidates whose confidence is not a number go.
  public func indices(_ candidates: [Candidate]) -> [Int] {
    let order = candidates.indices.filter { !candidates[$0].confidence.isNaN }
      .sorted { (candidates[$0].confidence, $1) > (candidates[$1].confidence, $0) }
    var kept: [Int] = [], keptByClass: [Int: [Int]] = [:]
    for index in order where kept.count < maximum {
      let candidate = candidates[index]
      let group = perClass ? candidate.classIndex : 0
      let isCovered = keptByClass[group, default: []].contains {
        candidates[$0].box.intersectionOverUnion(candidate.box) > threshold
      }
      if isCovered { continue }
      kept.append(index)
      keptByClass[group, default: []].append(index)
    }
    return kept
  }

  /// The candidates that stay, the most confident first.
  public func callAsFunction(_ candidates: [Candidate]) -> [Candidate] { indices(candidates).map { candidates[$0] } }
}
