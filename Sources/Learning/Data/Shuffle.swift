import Tensors

extension RandomNumbers {
  /// A whole number drawn evenly from 0..<count, by the multiplication of Lemire, "Fast random integer generation in an interval", 2019.
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "there is no number below \(count)")
    let size = UInt64(count), unfair = (0 &- size) % size
    while true {
      let product = next().multipliedFullWidth(by: size)
      if product.low >= unfair { return Int(product.high) }
    }
  }
}

extension Array {
  /// Puts the elements into an order drawn evenly from all (Fisher and Yates). The same generator gives the same order with every version of the
  /// language.
  public mutating func shuffleEvenly(using random: inout RandomNumbers) {
    for last in indices.dropFirst().reversed() { swapAt(last, random.index(below: last + 1)) }
  }
}

/// The numbers 0..<count in an order that the seed fixes.
public func shuffledIndices(_ count: Int, seed: UInt64) -> [Int] {
  var random = RandomNumbers(seed: seed), result = Array(0..<count)
  result.shuffleEvenly(using: &random)
  return result
}
