/// Why examples cannot be shared out as asked.
public enum DataError: Error, Equatable, CustomStringConvertible {
  /// Shares that are negative, not numbers, or more than the whole together.
  case shares(train: Double, dev: Double)
  /// Fewer examples than parts, or fewer than two parts.
  case parts(count: Int, examples: Int)

  public var description: String {
    switch self {
    case .shares(let train, let dev):
      "shares of \(train) for training and \(dev) for the dev set; each must be from 0 to 1, and both together at most 1: the test set gets the rest"
    case .parts(let count, let examples):
      "\(count) folds of \(examples) examples; name a number from 2 to \(max(2, examples)), or give more examples"
    }
  }
}
