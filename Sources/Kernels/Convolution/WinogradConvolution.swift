import KernelTemplates

/// A 3×3 convolution of stride 1 by Winograd's F(m×m, 3×3) on blocked maps, ready to run: weights transformed, work cut.
///
/// Either the map is cut into blocks of tiles small enough for the second-level cache, and each is transformed, multiplied with all weights and transformed back
/// by one thread; or all tiles are transformed first and threads share the outputs, so that each reads only its own part of the weights.
struct WinogradConvolution: Sendable {
  private let plan: WinogradPlan
  private let line: ClampedLine?

  init(_ problem: ConvolutionProblem, size: Int, sharesOutputs: Bool, kernels: KernelTable) {
    plan = WinogradPlan(problem, size: size, sharesOutputs: sharesOutputs, kernels: kernels)
    line = ClampedLine(problem.activation)
  }

  var packedCount: Int { plan.geometry.outputPanels * plan.panelCount }
  func scratchCount(threadCount: Int) -> Int { plan.scratchCount(threadCount: threadCount) }

  func pack(_ weights: UnsafePointer<Float>, _ order: WeightOrder, into packed: UnsafeMutablePointer<Float>, on processor: Processor) {
    processor.threads.forEach(plan.geometry.outputPanels, (plan, weights, order, packed)) { work, _, panel in
      let (plan, weights, order, packed) = work
      plan.kernels.transformWinogradWeights(plan.geometry, panel, weights, order, packed + panel * plan.panelCount)
    }
  }

  func run(_ maps: ConvolutionMaps, on processor: Processor) {
    if plan.sharesOutputs { runSharingOutputs(maps, on: processor) } else { runSharingTiles(maps, on: processor) }
  }

  private func runSharingTiles(_ maps: ConvolutionMaps, on processor: Processor) {
    processor.threads.forEach(plan.blocks.count, (convolution: self, maps)) { work, thread, index in
      let (convolution, maps) = work
      let plan = convolution.plan, geometry = plan.geometry, tiles = plan.tiles(of: index)
      let transformed = maps.scratch + thread * (plan.transformedCount + plan.productCount)
      plan.kernels.transformWinogradInput(geometry, tiles, plan.capacity, 0..<geometry.input.blocks, maps.x, transformed)
      for panel in 0..<geometry.outputPanels {
        convolution.compute(maps, panel: panel, tiles: tiles, UnsafePointer(transformed), products: transformed + plan.transformedCount)
      }
    }
  }

  private func runSharingOutputs(_ maps: ConvolutionMaps, on processor: Processor) {
    for block in 0..<plan.blocks.count {
      let tiles = plan.tiles(of: block)
      processor.threads.forEach(plan.geometry.input.blocks, (plan, maps, tiles)) { work, _, block in
        let (plan, maps, tiles) = work
        plan.kernels.transformWinogradInput(plan.geometry, tiles, plan.capacity, block..<block + 1, maps.x, maps.scratch)
      }
      processor.threads.forEach(plan.geometry.outputPanels, (convolution: self, maps, tiles)) { work, thread, panel in
        let (convolution, maps, tiles) = work
        let plan = convolution.plan, products = maps.scratch + plan.transformedCount + thread * plan.productCount
        convolution.compute(maps, panel: panel, tiles: tiles, UnsafePointer(maps.scratch), products: products)
      }
    }
  }

  /// Borders of the pictures that begin with one of these tiles.
  private func clearBorders(ofPanel panel: Int, tiles: Range<Int>, _ y: UnsafeMutablePointer<Float>) {
    let output = plan.geometry.output
    for image in plan.images(beginningIn: tiles) {
      for block in 2 * panel..<2 * panel + plan.vectors(ofPanel: panel) {
        plan.kernels.clearBorder(output, y + image * output.imageStride + block * output.blockStride)
      }
    }
  }

  /// One panel of outputs of some tiles, from transformed inputs to maps.
  private func compute(
    _ maps: ConvolutionMaps, panel: Int, tiles: Range<Int>, _ transformed: UnsafePointer<Float>, products: UnsafeMutablePointer<Float>
  ) {
    let kernels = plan.kernels, geometry = plan.geometry, lanes = kernels.lanes, channels = geometry.input.channels
    let vectors = plan.vectors(ofPanel: panel)
    clearBorders(ofPanel: panel, tiles: tiles, maps.y)
    kernels.multiplySegments(
      SegmentProduct(
        rows: geometry.planes, width: tiles.count, a: transformed, aRowStep: geometry.planeStride(tiles: plan.capacity),
        offsets: UnsafePointer(plan.offsets.base), segments: channels / lanes, tailSegments: channels % lanes == 0 ? 0 : 1,
        tailDepth: channels % lanes, b: maps.weights + panel * plan.panelCount, bRowStep: channels * vectors * lanes,
        next: maps.weights + panel * plan.panelCount + channels * vectors * lanes, c: products,
        cRowStep: geometry.productStride(tiles: plan.capacity), cBlockStep: plan.capacity * lanes, cPixelStep: lanes, vectors: vectors))
    kernels.transformWinogradOutput(
      geometry, tiles, plan.capacity, panel, UnsafePointer(products),
      ConvolutionFinish(
        bias: maps.bias, residual: maps.residual, residualMaps: plan.problem.residual ?? geometry.output, line: line ?? ClampedLine()), maps.y)
    guard line == nil else { return }
    activate(tiles: tiles, panel: panel, maps.y)
  }

  /// Applies an activation that the transform cannot to what it wrote: a line of each tile at a time.
  private func activate(tiles: Range<Int>, panel: Int, _ y: UnsafeMutablePointer<Float>) {
    let geometry = plan.geometry, output = geometry.output, size = geometry.size
    for block in 2 * panel..<2 * panel + plan.vectors(ofPanel: panel) {
      for tile in tiles {
        let image = tile / geometry.imageTiles, row = tile % geometry.imageTiles / geometry.tileColumns * size
        let column = tile % geometry.tileColumns * size
        for i in row..<min(row + size, geometry.outputHeight) {
          let line = y + image * output.imageStride + block * output.blockStride + output.origin + i * output.rowStride + column * plan.kernels.lanes
          let width = min(size, geometry.outputWidth - column)
          plan.kernels.activate(plan.problem.activation, 0, UnsafePointer(line), line, width * plan.kernels.lanes)
        }
      }
    }
  }
}
