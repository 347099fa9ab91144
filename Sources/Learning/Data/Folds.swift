/// k parts of the examples, each of which is held out once while the others train: cross-validation.
public struct Folds: Hashable, Sendable {
  /// The indices of each fold. Sizes differ by one at most.
  public let parts: [[Int]]

  /// Shares the examples out at random.
  public init(count: Int, folds: Int, seed: UInt64) throws(DataError) {
    try self.init(order: shuffledIndices(count, seed: seed), folds: folds)
  }

  /// Shares the examples of each label out by itself: folds have as many of a label as each other, or one more.
  public init(stratifiedBy labels: [Int], folds: Int, seed: UInt64) throws(DataError) {
    try self.init(order: strata(labels, seed: seed).flatMap { $0 }, folds: folds)
  }

  /// Deals the examples out one by one, so that those that follow each other go to different folds.
  private init(order: [Int], folds: Int) throws(DataError) {
    guard folds >= 2 && folds <= order.count else { throw .parts(count: folds, examples: order.count) }
    var parts = [[Int]](repeating: [], count: folds)
    for (place, index) in order.enumerated() { parts[place % folds].append(index) }
    self.parts = parts
  }

  public var count: Int { parts.count }

  /// What is trained on and what is held out with one of the folds.
  public subscript(fold: Int) -> (train: [Int], heldOut: [Int]) {
    (parts.indices.flatMap { $0 == fold ? [] : parts[$0] }, parts[fold])
  }
}
