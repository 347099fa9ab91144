import KernelTemplates

/// The sizes of a convolution and how its work is cut; everything but the weights.
public struct ConvolutionPlan: Sendable {
  let batch, outputs, groups, groupChannels, groupOutputs, inputPlane, outputPlane: Int
  /// How many products make a sum: channels of a group · kernel height · kernel width.
  let depth: Int
  let geometry: PatchGeometry
  let activation: Activation
  let kernels: KernelTable
  let blocking: ProductBlocking

  /// - Parameters:
  ///   - channels: how many maps the input has, in `groups` groups.
  ///   - outputHeight: how many rows of outputs there are; their width is in `geometry`.
  public init(
    batch: Int, channels: Int, outputs: Int, groups: Int, geometry: PatchGeometry, outputHeight: Int, activation: Activation, kernels: KernelTable
  ) {
    self.batch = batch
    self.outputs = outputs
    self.groups = groups
    self.activation = activation
    self.kernels = kernels
    groupChannels = channels / groups
    groupOutputs = outputs / groups
    inputPlane = geometry.inputHeight * geometry.inputWidth
    outputPlane = outputHeight * geometry.outputWidth
    depth = groupChannels * geometry.kernelHeight * geometry.kernelWidth
    // A 1×1 convolution reads each map as one long row: panels then never straddle the end of a row.
    let isPointwise =
      geometry.kernelHeight == 1 && geometry.kernelWidth == 1 && geometry.stride == 1 && geometry.top == 0 && geometry.left == 0
      && inputPlane == outputPlane
    self.geometry =
      isPointwise
      ? PatchGeometry(
        inputHeight: 1, inputWidth: inputPlane, outputWidth: inputPlane, kernelHeight: 1, kernelWidth: 1, stride: 1, dilation: 1, top: 0, left: 0)
      : geometry
    blocking = ProductBlocking(
      panels: RowPanels(rows: groupOutputs, largest: kernels.tileRows).count, columns: outputPlane, depth: depth, panelWidth: 2 * kernels.lanes)
  }

  /// How many floats of working memory a run needs.
  public func scratchCount(threadCount: Int) -> Int {
    blocking.blockCount * (sharesBlocks ? blocking.columnBlocks * blocking.depthBlocksAtOnce : threadCount)
  }

  /// Whether several pieces of work need the same block of patches: then all blocks are packed first, else each piece packs its own.
  var sharesBlocks: Bool { blocking.rowBlocks > 1 }
}
