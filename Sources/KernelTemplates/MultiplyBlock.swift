/// The operands of a product of packed blocks: see ``multiplyBlock(_:_:)``.
@frozen public struct BlockProduct {
  /// How many rows, columns and products a sum.
  public var rows, columns, depth: Int
  /// Panels of rows, as ``RowPanels`` cuts them, each [full depth][rows of the panel].
  public var a: UnsafePointer<Float>
  /// How deep the panels of `a` are, and where in them this product begins.
  public var fullDepth, firstDepth: Int
  /// Panels of two vectors of columns, each [depth][2 vectors]; the last one filled up with anything.
  public var b: UnsafePointer<Float>
  public var c: UnsafeMutablePointer<Float>
  /// Floats from one row of `c` to the next.
  public var stride: Int
  /// Whether the product is added to what `c` holds.
  public var accumulating: Bool

  @inlinable public init(
    rows: Int, columns: Int, depth: Int, a: UnsafePointer<Float>, fullDepth: Int, firstDepth: Int, b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>,
    stride: Int, accumulating: Bool
  ) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.a = a
    self.fullDepth = fullDepth
    self.firstDepth = firstDepth
    self.b = b
    self.c = c
    self.stride = stride
    self.accumulating = accumulating
  }
}

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

/// C = A · B, or C += A · B, for blocks packed into panels. The last panel of columns may be partial: it is computed aside and copied.
@inlinable @inline(__always)
public func multiplyBlock<V: Lanes>(_: V.Type, _ p: BlockProduct, tileRows: Int) {
  let width = 2 &* V.count
  var aside = InlineArray<24, V>(repeating: V.zero)  // twelve rows of two vectors; a temporary allocation of that size would not be on the stack
  withUnsafeMutablePointer(to: &aside) { aside in
    let aside = UnsafeMutableRawPointer(aside).assumingMemoryBound(to: Float.self)
    let panels = RowPanels(rows: p.rows, largest: tileRows)
    var a = p.a, c = p.c
    for panel in 0..<panels.count {
      let rows = panels.height(of: panel)
      var b = p.b, column = 0
      while column &+ width <= p.columns {
        tile(V.self, rows, p.depth, a + rows &* p.firstDepth, b, c + column, p.stride, p.accumulating)
        b += p.depth &* width
        column &+= width
      }
      let left = p.columns &- column
      if left > 0 {
        tile(V.self, rows, p.depth, a + rows &* p.firstDepth, b, aside, width, false)
        for r in 0..<rows {
          let target = c + (r &* p.stride &+ column), source = aside + r &* width
          for j in 0..<left { target[j] = p.accumulating ? target[j] + source[j] : source[j] }
        }
      }
      a += rows &* p.fullDepth
      c += rows &* p.stride
    }
  }
}

/// Chooses the tile with the given number of rows: each is compiled for itself, so that its accumulators are registers.
@inlinable @inline(__always)
func tile<V: Lanes>(
  _: V.Type, _ rows: Int, _ depth: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
  _ stride: Int, _ accumulating: Bool
) {
  switch rows {
  case 1: multiplyTile(V.self, InlineArray<1, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 2: multiplyTile(V.self, InlineArray<2, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 3: multiplyTile(V.self, InlineArray<3, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 4: multiplyTile(V.self, InlineArray<4, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 5: multiplyTile(V.self, InlineArray<5, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 6: multiplyTile(V.self, InlineArray<6, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 7: multiplyTile(V.self, InlineArray<7, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 8: multiplyTile(V.self, InlineArray<8, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 9: multiplyTile(V.self, InlineArray<9, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 10: multiplyTile(V.self, InlineArray<10, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  case 11: multiplyTile(V.self, InlineArray<11, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  default: multiplyTile(V.self, InlineArray<12, Bool>.self, depth: depth, a, b, c, stride: stride, accumulating: accumulating)
  }
}
