/// The indices of examples for training, for choosing between networks, and for the last judgement.
public struct Split: Hashable, Sendable {
  public let train, dev, test: [Int]

  /// Shares the examples out at random; the test set gets what the others leave.
  ///
  /// - Parameters:
  ///   - train, dev: shares of the examples, from 0 to 1, rounded to whole examples.
  public init(count: Int, train: Double, dev: Double, seed: UInt64) throws(DataError) {
    try self.init(groups: [shuffledIndices(count, seed: seed)], train: train, dev: dev)
  }

  /// Shares the examples of each label out by itself, so that all sets have them in the same proportions, and mixes the labels again.
  public init(stratifiedBy labels: [Int], train: Double, dev: Double, seed: UInt64) throws(DataError) {
    let groups = strata(labels, seed: seed), mixed = shuffledIndices(labels.count, seed: seed)
    var rank = [Int](repeating: 0, count: labels.count)
    for (place, index) in mixed.enumerated() { rank[index] = place }
    let split = try Split(groups: groups, train: train, dev: dev)
    func inOrder(_ part: [Int]) -> [Int] { part.sorted { rank[$0] < rank[$1] } }
    (self.train, self.dev, test) = (inOrder(split.train), inOrder(split.dev), inOrder(split.test))
  }

  private init(groups: [[Int]], train: Double, dev: Double) throws(DataError) {
    guard train >= 0, dev >= 0, train + dev <= 1 + 1e-12 else { throw .shares(train: train, dev: dev) }
    var parts: (train: [Int], dev: [Int], test: [Int]) = ([], [], [])
    // Ends are rounded from the sums over all groups so far: so small groups do not all round the same way.
    var seen = 0, trained = 0, held = 0
    for group in groups {
      seen += group.count
      let first = min(group.count, max(0, Int((train * Double(seen)).rounded()) - trained))
      let second = min(group.count, max(first, Int(((train + dev) * Double(seen)).rounded()) - trained - held))
      parts.train += group[..<first]
      parts.dev += group[first..<second]
      parts.test += group[second...]
      trained += first
      held += second - first
    }
    (self.train, self.dev, test) = parts
  }
}

/// The examples of each label, each group in an order that the seed fixes, groups by label.
func strata(_ labels: [Int], seed: UInt64) -> [[Int]] {
  var groups: [Int: [Int]] = [:]
  for index in shuffledIndices(labels.count, seed: seed) { groups[labels[index], default: []].append(index) }
  return groups.sorted { $0.key < $1.key }.map(\.value)
}
