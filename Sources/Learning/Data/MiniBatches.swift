/// The indices of examples in mini-batches, in another order each epoch.
///
/// The order follows from the seed and the epoch alone, so that a resumed run needs no state:
///
///     let batches = MiniBatches(count: images.shape[0], size: 32, seed: 1)
///     for indices in batches.epoch(3) { train(on: images.items(indices)) }
public struct MiniBatches: Hashable, Sendable {
  /// How many examples there are, and how many are in a batch.
  public let count, size: Int
  /// Whether the examples that are left for less than a batch are left out; another few in each epoch.
  public let dropsLast: Bool
  /// nil to keep the order.
  public let seed: UInt64?

  public init(count: Int, size: Int, dropsLast: Bool = false, seed: UInt64?) {
    precondition(count >= 0 && size > 0, "batches of \(size) of \(count) examples")
    self.count = count
    self.size = size
    self.dropsLast = dropsLast
    self.seed = seed
  }

  /// How many batches an epoch has.
  public var batchCount: Int { dropsLast ? count / size : count / size + (count % size == 0 ? 0 : 1) }

  /// The batches of an epoch; epochs count from 0.
  public func epoch(_ epoch: Int) -> [[Int]] {
    guard let seed else { return batches(of: Array(0..<count)) }
    return batches(of: shuffledIndices(count, seed: seed &+ UInt64(truncatingIfNeeded: epoch) &* 0x9E37_79B9_7F4A_7C15))
  }

  /// The batches of examples in the given order.
  public func batches(of order: [Int]) -> [[Int]] {
    stride(from: 0, to: order.count, by: size).compactMap { start in
      let end = min(start + size, order.count)
      return dropsLast && end - start < size ? nil : Array(order[start..<end])
    }
  }
}
