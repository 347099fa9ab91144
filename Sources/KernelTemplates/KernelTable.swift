/// The kernels of one instruction set: every template, compiled once for its vectors. ``Kernels`` chooses a table at start-up.
///
/// A kernel works on raw memory and trusts its arguments: shapes are checked where they are made, in the operations of Graphs.
public struct KernelTable: Sendable {
  /// `avx512`, `avx2` or `baseline`.
  public let name: String
  /// Floats a vector.
  public let lanes: Int
  /// The largest number of rows of a tile of a matrix product; it is two vectors wide.
  public let tileRows: Int

  public let multiplyBlock: @Sendable (BlockProduct) -> Void
  public let packPatches: @Sendable (PatchPacking) -> Void
  public let activate: @Sendable (Activation, _ bias: Float, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let add: @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let multiply: @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let scaleAndShift:
    @Sendable (_ scale: Float, _ shift: Float, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let dotProduct: @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, _ count: Int) -> Float
  public let maxPool: @Sendable (PoolingGeometry, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ row: UnsafeMutablePointer<Float>) -> Void
  public let blockChannels: @Sendable (WinogradGeometry, _ block: Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  public let transformWinogradInput:
    @Sendable (WinogradGeometry, _ tiles: Range<Int>, _ blocks: Range<Int>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  public let multiplyWinograd:
    @Sendable (WinogradGeometry, _ tiles: Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  public let transformWinogradOutput:
    @Sendable (
      WinogradGeometry, _ tiles: Range<Int>, _ panel: Int, UnsafePointer<Float>, _ bias: UnsafePointer<Float>, Activation,
      _ aside: UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  public let transformWinogradWeights: @Sendable (WinogradGeometry, _ panel: Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  public let averagePool: @Sendable (PoolingGeometry, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  public let matrixRows: Int
  public let multiplyPanels: @Sendable (PanelProduct) -> Void
  public let packRows:
    @Sendable (
      MatrixLines, _ firstRow: Int, RowPanels, _ rowPanels: Range<Int>, _ firstOfPanels: Int, _ depths: Range<Int>, UnsafeMutablePointer<Float>
    ) -> Void
  public let packColumns:
    @Sendable (MatrixLines, _ firstColumn: Int, _ panels: Int, _ depths: Range<Int>, UnsafeMutablePointer<Float>) -> Void
  public let dotRows: @Sendable (SkinnyProduct) -> Void
  public let combineRows: @Sendable (SkinnyProduct) -> Void
  public let sustainMultiplyAdds: @Sendable (_ rounds: Int, _ factor: Float) -> Float

  /// The table of the kernels compiled for `V`: inlined into the target that is compiled for its instruction set. Each kernel is generic over `V`, even where
  /// it uses no vector: its symbol then names the vector, and the linker cannot put one instruction set's copy in the place of another's.
  @inlinable @inline(__always)
  public init<V: Lanes>(_ name: String, _: V.Type, tileRows: Int) {
    self.name = name
    lanes = V.count
    self.tileRows = tileRows
    multiplyBlock = { KernelTemplates.multiplyBlock(V.self, $0, tileRows: tileRows) }
    packPatches = { KernelTemplates.packPatches(V.self, $0) }
    activate = { KernelTemplates.activate(V.self, $0, bias: $1, $2, $3, count: $4) }
    add = { KernelTemplates.add(V.self, $0, $1, $2, count: $3) }
    multiply = { KernelTemplates.multiply(V.self, $0, $1, $2, count: $3) }
    scaleAndShift = { KernelTemplates.scaleAndShift(V.self, scale: $0, shift: $1, $2, $3, count: $4) }
    dotProduct = { KernelTemplates.dotProduct(V.self, $0, $1, count: $2) }
    maxPool = { KernelTemplates.maxPool(V.self, $0, $1, $2, row: $3) }
    blockChannels = { KernelTemplates.blockChannels(V.self, $0, block: $1, $2, $3) }
    transformWinogradInput = { KernelTemplates.transformWinogradInput(V.self, $0, tiles: $1, blocks: $2, $3, $4) }
    multiplyWinograd = { KernelTemplates.multiplyWinograd(V.self, $0, tiles: $1, $2, $3, $4, tileRows: tileRows) }
    transformWinogradOutput = {
      KernelTemplates.transformWinogradOutput(V.self, $0, tiles: $1, panel: $2, $3, bias: $4, activation: $5, aside: $6, $7)
    }
    transformWinogradWeights = { KernelTemplates.transformWinogradWeights(V.self, $0, panel: $1, $2, $3) }
    averagePool = { KernelTemplates.averagePool(V.self, $0, $1, $2) }
    matrixRows = V.tileRows
    multiplyPanels = { KernelTemplates.multiplyPanels(V.self, $0) }
    packRows = { KernelTemplates.packRows(V.self, $0, firstRow: $1, panels: $2, rowPanels: $3, firstOfPanels: $4, depths: $5, into: $6) }
    packColumns = { KernelTemplates.packColumns(V.self, $0, firstColumn: $1, panels: $2, depths: $3, into: $4) }
    dotRows = { KernelTemplates.dotRows(V.self, $0) }
    combineRows = { KernelTemplates.combineRows(V.self, $0) }
    sustainMultiplyAdds = { KernelTemplates.sustainMultiplyAdds(V.self, rounds: $0, factor: $1) }
  }
}
