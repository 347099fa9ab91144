/// The sizes of a convolution F(m×m, 3×3), n = m + 2, of pictures whose tiles are numbered through, and its working memory, V = one vector:
/// - transformed inputs: [n²][channel blocks][tiles][V], planes `planeStride` floats apart;
/// - transformed weights: [output panels][n²][channels][2 V], one V in the last panel if the blocks of outputs are odd in number;
/// - products: [n²][2][tiles][V] for one panel of two blocks of outputs, planes `productStride` floats apart.
@frozen public struct WinogradGeometry: Sendable {
  /// m: a tile is m×m outputs and reads n×n inputs.
  public var size: Int
  /// What is read, blocked by V.
  public var input: FeatureMaps
  /// What is written, blocked by V: of half the height and width when it is pooled.
  public var output: FeatureMaps
  /// How many outputs there are before pooling.
  public var outputHeight, outputWidth: Int
  /// Rows and columns of zeros that the first window reads before the picture: no more than the input's border.
  public var top, left: Int
  /// Whether the maximum of each 2×2 outputs is written, rather than each.
  public var isPooled: Bool

  @inlinable public init(
    size: Int, input: FeatureMaps, output: FeatureMaps, outputHeight: Int, outputWidth: Int, top: Int, left: Int, isPooled: Bool
  ) {
    self.size = size
    self.input = input
    self.output = output
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.top = top
    self.left = left
    self.isPooled = isPooled
  }

  /// n², the number of products of a tile.
  @inlinable public var planes: Int { (size + 2) * (size + 2) }
  @inlinable public var outputPanels: Int { (output.blocks + 1) / 2 }
  @inlinable public var tileRows: Int { (outputHeight + size - 1) / size }
  @inlinable public var tileColumns: Int { (outputWidth + size - 1) / size }
  /// Tiles of one picture and of all.
  @inlinable public var imageTiles: Int { tileRows * tileColumns }
  @inlinable public var tiles: Int { input.batch * imageTiles }
  /// Floats from one plane of transformed inputs or products to the next, for `tiles` tiles: an odd number of cache lines, so that planes do not share sets of
  /// the cache.
  @inlinable public func planeStride(tiles: Int) -> Int { Self.oddLines(input.blocks * tiles * input.layout.lanes) }
  @inlinable public func productStride(tiles: Int) -> Int { Self.oddLines(2 * tiles * input.layout.lanes) }

  @inlinable static func oddLines(_ count: Int) -> Int { ((count + 15) / 16 | 1) * 16 }
}
