/// The kernels of one instruction set: every template, compiled once for its vectors. ``Kernels`` chooses a table at start-up.
///
/// A kernel works on raw memory and trusts its arguments: shapes are checked where they are made, in the operations of Graphs.
public final class KernelTable: Sendable {  // one reference to count where pieces of work hand it on, not one a kernel
  /// `avx512`, `avx2` or `baseline`.
  public let name: String
  /// Floats a vector.
  public let lanes: Int
  /// The largest number of rows of a tile of a matrix product; it is two vectors wide.
  public let tileRows: Int

  public let activate: @Sendable (Activation, _ bias: Float, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let add: @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let multiply: @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let scaleAndShift:
    @Sendable (_ scale: Float, _ shift: Float, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let dotProduct: @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, _ count: Int) -> Float
  public let scaleAndShiftLanes:
    @Sendable (
      _ scale: UnsafePointer<Float>, _ shift: UnsafePointer<Float>?, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int
    ) -> Void
  public let copyFloats: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let repeatPixels:
    @Sendable (
      UnsafePointer<Float>, _ width: Int, _ lanes: Int, _ factor: Int, _ scale: Float, UnsafeMutablePointer<Float>
    ) -> Void
  /// Pooling of a plain map, and of a block of channels.
  public let maxPool, maxPoolBlock, averagePool, averagePoolBlock: @Sendable (PoolingRows) -> Void
  public let averageMap: @Sendable (UnsafePointer<Float>, _ rowStep: Int, _ height: Int, _ width: Int) -> Float
  public let averageBlock:
    @Sendable (UnsafePointer<Float>, _ rowStep: Int, _ height: Int, _ width: Int, UnsafeMutablePointer<Float>) -> Void
  /// Reductions of a row, and of rows that lie `stride` floats apart to one.
  public let sumRow: @Sendable (UnsafePointer<Float>, _ count: Int) -> Double
  public let extremeOfRow: @Sendable (_ sign: Float, UnsafePointer<Float>, _ count: Int) -> Float
  public let largestOfRow: @Sendable (UnsafePointer<Float>, _ count: Int) -> Int
  public let sumColumns:
    @Sendable (UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int, _ scale: Float, UnsafeMutablePointer<Float>) -> Void
  public let extremeOfColumns:
    @Sendable (_ sign: Float, UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int, UnsafeMutablePointer<Float>) -> Void
  public let largestOfColumns: @Sendable (UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int, UnsafeMutablePointer<Float>) -> Void
  public let softmaxRow: @Sendable (_ scale: Float, UnsafePointer<Float>, _ count: Int, UnsafeMutablePointer<Float>) -> Void
  public let softmaxColumns:
    @Sendable (_ scale: Float, UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int, UnsafeMutablePointer<Float>) -> Void
  public let normalizeRow:
    @Sendable (
      UnsafePointer<Float>, _ gamma: UnsafePointer<Float>, _ beta: UnsafePointer<Float>, _ epsilon: Float, _ count: Int, UnsafeMutablePointer<Float>
    ) -> Void
  public let resizeRow:
    @Sendable (
      _ above: UnsafePointer<Float>, _ below: UnsafePointer<Float>, _ weight: Float, _ taps: UnsafePointer<ResizeTap>, _ count: Int, _ lanes: Int,
      UnsafeMutablePointer<Float>
    ) -> Void
  /// Sums over a block of channels, and over a plain map.
  public let sumBlock: @Sendable (ChannelSum, ChannelSumOperands, UnsafeMutablePointer<Float>) -> Void
  public let sumMap: @Sendable (ChannelSum, ChannelSumOperands) -> Float
  public let combineChannels:
    @Sendable (
      UnsafePointer<Float>, UnsafePointer<Float>, _ factors: UnsafePointer<Float>, _ step: Int, _ lanes: Int, UnsafeMutablePointer<Float>,
      _ count: Int
    ) -> Void
  public let activationGradient:
    @Sendable (Activation, UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>, _ count: Int) -> Void
  /// Gradients of the pooling of a plain map, and of a block of channels.
  public let maxPoolGradient, maxPoolGradientBlock: @Sendable (PoolingGradient) -> Void
  public let averagePoolGradient: @Sendable (PoolingGradient, _ lanes: Int) -> Void
  public let repeatPixel: @Sendable (UnsafePointer<Float>, _ lanes: Int, _ scale: Float, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let changeLayout:
    @Sendable (_ from: FeatureMaps, _ to: FeatureMaps, _ group: Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  public let channelsLast: @Sendable (FeatureMaps, UnsafePointer<Float>, _ pixels: Int, UnsafeMutablePointer<Float>) -> Void
  public let clearBorder: @Sendable (FeatureMaps, _ block: UnsafeMutablePointer<Float>) -> Void
  public let clear: @Sendable (UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let multiplySegments: @Sendable (SegmentProduct) -> Void
  public let gatherSegments:
    @Sendable (
      UnsafePointer<Float>, _ step: Int, _ pixels: Int, _ capacity: Int, _ offsets: UnsafePointer<Int>, _ segments: Int, _ lanes: Int,
      UnsafeMutablePointer<Float>
    ) -> Void
  public let gatherPixels:
    @Sendable (
      UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ pixels: Int, _ capacity: Int, _ offsets: UnsafePointer<Int>, _ segments: Int,
      UnsafeMutablePointer<Float>
    ) -> Void
  public let scatterPixels: @Sendable (UnsafePointer<Float>, _ pixels: Int, UnsafeMutablePointer<Float>, _ places: UnsafePointer<Int>) -> Void
  public let poolRowPair: @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ width: Int) -> Void
  public let convolveDepthwise: @Sendable (DepthwiseRows) -> Void
  public let multiplyPixels: @Sendable (PixelProduct) -> Void
  public let multiplyPixelVectors: @Sendable (PixelProduct) -> Void
  public let turnSums:
    @Sendable (
      UnsafePointer<Float>, _ width: Int, _ rows: Int, _ columns: Int, _ parts: Int, _ partStep: Int, UnsafeMutablePointer<Float>, _ targetStep: Int
    ) -> Void
  public let transformWinogradInput:
    @Sendable (
      WinogradGeometry, _ tiles: Range<Int>, _ capacity: Int, _ blocks: Range<Int>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  public let transformWinogradOutput:
    @Sendable (
      WinogradGeometry, _ tiles: Range<Int>, _ capacity: Int, _ panel: Int, UnsafePointer<Float>, ConvolutionFinish, UnsafeMutablePointer<Float>
    ) -> Void
  public let transformWinogradWeights:
    @Sendable (WinogradGeometry, _ panel: Int, UnsafePointer<Float>, WeightOrder, UnsafeMutablePointer<Float>) -> Void
  public let multiplyPanels: @Sendable (PanelProduct) -> Void
  public let packRows:
    @Sendable (
      MatrixLines, _ firstRow: Int, RowPanels, _ rowPanels: Range<Int>, _ firstOfPanels: Int, _ depths: Range<Int>, UnsafeMutablePointer<Float>
    ) -> Void
  public let packColumns:
    @Sendable (MatrixLines, _ firstColumn: Int, _ panels: Int, _ depths: Range<Int>, _ panelStep: Int, UnsafeMutablePointer<Float>) -> Void
  public let dotRows: @Sendable (SkinnyProduct) -> Void
  public let combineRows: @Sendable (SkinnyProduct) -> Void
  public let gruStep: @Sendable (RecurrentStep, _ panel: Int) -> Void
  public let lstmStep: @Sendable (RecurrentStep, _ panel: Int) -> Void
  public let gruGradientStep: @Sendable (RecurrentGradientStep, _ panel: Int) -> Void
  public let lstmGradientStep: @Sendable (RecurrentGradientStep, _ panel: Int) -> Void
  public let sustainMultiplyAdds: @Sendable (_ rounds: Int, _ factor: Float) -> Float

  /// The table of the kernels compiled for `V`: inlined into the target that is compiled for its instruction set. Each kernel is generic over `V`, even where
  /// it uses no vector: its symbol then names the vector, and the linker cannot put one instruction set's copy in the place of another's.
  @inlinable @inline(__always)
  public init<V: Lanes>(_ name: String, _: V.Type) {
    self.name = name
    lanes = V.count
    tileRows = V.tileRows
    activate = { KernelTemplates.activate(V.self, $0, bias: $1, $2, $3, count: $4) }
    add = { KernelTemplates.add(V.self, $0, $1, $2, count: $3) }
    multiply = { KernelTemplates.multiply(V.self, $0, $1, $2, count: $3) }
    scaleAndShift = { KernelTemplates.scaleAndShift(V.self, scale: $0, shift: $1, $2, $3, count: $4) }
    dotProduct = { KernelTemplates.dotProduct(V.self, $0, $1, count: $2) }
    scaleAndShiftLanes = { KernelTemplates.scaleAndShiftLanes(V.self, scale: $0, shift: $1, $2, $3, count: $4) }
    copyFloats = { KernelTemplates.copyFloats(V.self, $0, $1, count: $2) }
    repeatPixels = { KernelTemplates.repeatPixels(V.self, $0, width: $1, lanes: $2, factor: $3, scale: $4, $5) }
    maxPool = { KernelTemplates.maxPool(V.self, $0) }
    maxPoolBlock = { KernelTemplates.maxPoolBlock(V.self, $0) }
    averagePool = { KernelTemplates.averagePool(V.self, $0) }
    averagePoolBlock = { KernelTemplates.averagePoolBlock(V.self, $0) }
    averageMap = { KernelTemplates.averageMap(V.self, $0, rowStep: $1, height: $2, width: $3) }
    averageBlock = { KernelTemplates.averageBlock(V.self, $0, rowStep: $1, height: $2, width: $3, $4) }
    sumRow = { KernelTemplates.sumRow(V.self, $0, count: $1) }
    extremeOfRow = { KernelTemplates.extremeOfRow(V.self, sign: $0, $1, count: $2) }
    largestOfRow = { KernelTemplates.largestOfRow(V.self, $0, count: $1) }
    sumColumns = { KernelTemplates.sumColumns(V.self, $0, count: $1, stride: $2, width: $3, scale: $4, $5) }
    extremeOfColumns = { KernelTemplates.extremeOfColumns(V.self, sign: $0, $1, count: $2, stride: $3, width: $4, $5) }
    largestOfColumns = { KernelTemplates.largestOfColumns(V.self, $0, count: $1, stride: $2, width: $3, $4) }
    softmaxRow = { KernelTemplates.softmaxRow(V.self, scale: $0, $1, count: $2, $3) }
    softmaxColumns = { KernelTemplates.softmaxColumns(V.self, scale: $0, $1, count: $2, stride: $3, width: $4, $5) }
    normalizeRow = { KernelTemplates.normalizeRow(V.self, $0, gamma: $1, beta: $2, epsilon: $3, count: $4, $5) }
    resizeRow = { KernelTemplates.resizeRow(V.self, above: $0, below: $1, weight: $2, taps: $3, count: $4, lanes: $5, $6) }
    sumBlock = { KernelTemplates.sumBlock(V.self, $0, $1, $2) }
    sumMap = { KernelTemplates.sumMap(V.self, $0, $1) }
    combineChannels = { KernelTemplates.combineChannels(V.self, $0, $1, factors: $2, step: $3, lanes: $4, $5, count: $6) }
    activationGradient = { KernelTemplates.activationGradient(V.self, $0, $1, $2, $3, count: $4) }
    maxPoolGradient = { KernelTemplates.maxPoolGradient(V.self, $0) }
    maxPoolGradientBlock = { KernelTemplates.maxPoolGradientBlock(V.self, $0) }
    averagePoolGradient = { KernelTemplates.averagePoolGradient(V.self, $0, lanes: $1) }
    repeatPixel = { KernelTemplates.repeatPixel(V.self, $0, lanes: $1, scale: $2, $3, count: $4) }
    changeLayout = { KernelTemplates.changeLayout(V.self, from: $0, to: $1, group: $2, $3, $4) }
    channelsLast = { KernelTemplates.channelsLast(V.self, $0, $1, pixels: $2, $3) }
    clearBorder = { KernelTemplates.clearBorder(V.self, $0, $1) }
    clear = { fillWithZeros(V.self, $0, count: $1) }
    multiplySegments = { KernelTemplates.multiplySegments(V.self, $0) }
    gatherSegments = {
      KernelTemplates.gatherSegments(V.self, $0, step: $1, pixels: $2, capacity: $3, offsets: $4, segments: $5, lanes: $6, $7)
    }
    gatherPixels = { KernelTemplates.gatherPixels(V.self, $0, places: $1, pixels: $2, capacity: $3, offsets: $4, segments: $5, $6) }
    scatterPixels = { KernelTemplates.scatterPixels(V.self, $0, pixels: $1, $2, places: $3) }
    poolRowPair = { KernelTemplates.poolRowPair(V.self, $0, $1, $2, width: $3) }
    convolveDepthwise = { KernelTemplates.convolveDepthwise(V.self, $0) }
    multiplyPixels = { KernelTemplates.multiplyPixels(V.self, $0) }
    multiplyPixelVectors = { KernelTemplates.multiplyPixelVectors(V.self, $0) }
    turnSums = { KernelTemplates.turnSums(V.self, $0, width: $1, rows: $2, columns: $3, parts: $4, partStep: $5, $6, targetStep: $7) }
    transformWinogradInput = { KernelTemplates.transformWinogradInput(V.self, $0, tiles: $1, capacity: $2, blocks: $3, $4, $5) }
    transformWinogradOutput = { KernelTemplates.transformWinogradOutput(V.self, $0, tiles: $1, capacity: $2, panel: $3, $4, $5, $6) }
    transformWinogradWeights = { KernelTemplates.transformWinogradWeights(V.self, $0, panel: $1, $2, $3, $4) }
    multiplyPanels = { KernelTemplates.multiplyPanels(V.self, $0) }
    packRows = { KernelTemplates.packRows(V.self, $0, firstRow: $1, panels: $2, rowPanels: $3, firstOfPanels: $4, depths: $5, into: $6) }
    packColumns = { KernelTemplates.packColumns(V.self, $0, firstColumn: $1, panels: $2, depths: $3, panelStep: $4, into: $5) }
    dotRows = { KernelTemplates.dotRows(V.self, $0) }
    combineRows = { KernelTemplates.combineRows(V.self, $0) }
    gruStep = { KernelTemplates.gruStep(V.self, $0, panel: $1) }
    lstmStep = { KernelTemplates.lstmStep(V.self, $0, panel: $1) }
    gruGradientStep = { KernelTemplates.gruGradientStep(V.self, $0, panel: $1) }
    lstmGradientStep = { KernelTemplates.lstmGradientStep(V.self, $0, panel: $1) }
    sustainMultiplyAdds = { KernelTemplates.sustainMultiplyAdds(V.self, rounds: $0, factor: $1) }
  }
}
