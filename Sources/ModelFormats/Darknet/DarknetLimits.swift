/// How large a Darknet network may be. The defaults leave ample room for every published network; raise them for larger ones.
public struct DarknetLimits: Sendable {
  /// Bytes of a configuration or of a class tree.
  public var textBytes = 16 << 20
  public var sections = 10_000
  /// Numbers in the result of one layer.
  public var layerNumbers = 1 << 28
  /// Numbers in all weights together.
  public var weightNumbers = 1 << 30

  public init() {}
}

/// The product of sizes that a file claims, or nil where it does not fit into an `Int`.
func checkedProduct(_ factors: [Int]) -> Int? {
  var product = 1
  for factor in factors {
    let (result, overflow) = product.multipliedReportingOverflow(by: factor)
    if overflow { return nil }
    product = result
  }
  return product
}
