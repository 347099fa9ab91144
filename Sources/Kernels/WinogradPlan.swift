import KernelTemplates

/// The sizes of a convolution by Winograd's F(4×4, 3×3) and how its work is cut, by its shape alone; everything but the weights.
public struct WinogradPlan: Sendable {
  let batch: Int
  let geometry: WinogradGeometry
  let activation: Activation
  let kernels: KernelTable
  /// How many tiles a block has at most: as many as keep its transformed inputs within the second-level cache.
  let tilesAtOnce: Int
  let tileBlocks: Int

  /// How many floats the transformed inputs of a block take at most: 384 KiB.
  private static let largestBlock = 98_304
  /// With fewer blocks of tiles, the threads share the outputs.
  private static let fewestBlocks = 8

  /// - Returns: nil when the convolution is not 3×3 with stride, dilation and groups of 1, or has too few channels for the transforms to pay.
  public init?(
    batch: Int, channels: Int, outputs: Int, groups: Int, geometry: PatchGeometry, outputHeight: Int, activation: Activation, kernels: KernelTable
  ) {
    guard geometry.kernelHeight == 3, geometry.kernelWidth == 3, geometry.stride == 1, geometry.dilation == 1, groups == 1,
      channels >= 2 * kernels.lanes, outputs >= 2 * kernels.lanes, outputHeight >= 4, geometry.outputWidth >= 4
    else { return nil }
    self.batch = batch
    self.activation = activation
    self.kernels = kernels
    self.geometry = WinogradGeometry(
      channels: channels, outputs: outputs, inputHeight: geometry.inputHeight, inputWidth: geometry.inputWidth, outputHeight: outputHeight,
      outputWidth: geometry.outputWidth, top: geometry.top, left: geometry.left, lanes: kernels.lanes)
    let fitting = Self.largestBlock / (36 * self.geometry.channelBlocks * kernels.lanes)
    tilesAtOnce = min(self.geometry.tiles, max(1, min(4, fitting / kernels.tileRows)) * kernels.tileRows)
    tileBlocks = (self.geometry.tiles + tilesAtOnce - 1) / tilesAtOnce
  }

  /// Whether threads share out the outputs of all tiles, rather than blocks of tiles.
  var sharesOutputs: Bool { tileBlocks < Self.fewestBlocks }

  /// Floats that the transformed weights of one panel of outputs take.
  var panelCount: Int { 36 * geometry.channelBlocks * geometry.lanes * 2 * geometry.lanes }

  /// Floats that the blocked maps of one picture take.
  var mapsCount: Int { geometry.channelBlocks * geometry.blockStride }

  /// The tiles of block number `index`.
  func tiles(of index: Int) -> Range<Int> { index * tilesAtOnce..<min(geometry.tiles, (index + 1) * tilesAtOnce) }

  /// Floats that one thread needs to itself for blocks of `tiles` tiles.
  func threadCount(tiles: Int, withInput: Bool) -> Int {
    (withInput ? 36 * geometry.planeStride(tiles: tiles) : 0) + 36 * geometry.productStride(tiles: tiles) + 16 * tiles * geometry.lanes
  }

  /// How many floats of working memory a run needs.
  public func scratchCount(threadCount: Int) -> Int {
    guard sharesOutputs else { return mapsCount + threadCount * self.threadCount(tiles: tilesAtOnce, withInput: true) }
    return mapsCount + 36 * geometry.planeStride(tiles: geometry.tiles) + threadCount * self.threadCount(tiles: geometry.tiles, withInput: false)
  }
}
