/// How `rows` rows are cut into panels of nearly equal height, at most `largest`: 16 rows into 6 + 5 + 5, not 6 + 6 + 4.
@frozen public struct RowPanels {
  public let count: Int
  @usableFromInline let height: Int
  @usableFromInline let higher: Int

  @inlinable @inline(__always) public init(rows: Int, largest: Int) {
    count = (rows &+ largest &- 1) / largest
    height = count == 0 ? 0 : rows / count
    higher = count == 0 ? 0 : rows &- height &* count
  }

  /// How many rows panel number `index` has.
  @inlinable @inline(__always) public func height(of index: Int) -> Int { index < higher ? height &+ 1 : height }

  /// The first row of panel number `index`.
  @inlinable public func firstRow(of index: Int) -> Int { index * height + min(index, higher) }
}
