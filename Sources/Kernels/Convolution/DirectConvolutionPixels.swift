import KernelTemplates

/// How a direct convolution of blocked maps is cut when its tiles are pixels of any rows and pictures: with a stride for which pixels must be gathered anyway,
/// and with narrow maps of several pictures, whose rows fill less than two thirds of a tile, so that it would read weights nearly as often as it multiplies.
struct PixelCut: Sendable {
  /// All pixels of all pictures in order, cut into tiles.
  let tiles: RowPanels
  /// How the tiles are cut into bands, and the panels of a group into sets whose weights stay in the second-level cache.
  let bands, panelSets: RowPanels

  /// Floats of weights that a piece of work reads at most, if it has more than one panel: 1 MiB.
  private static let largestSet = 262_144

  /// Nil if rows are the better tiles.
  init?(_ problem: ConvolutionProblem, kernels: KernelTable, groups: Int, groupPanels: Int, depth: Int, wantedPieces: Int) {
    let width = problem.outputWidth, rows = problem.input.batch * problem.outputHeight, perRow = (width + kernels.tileRows - 1) / kernels.tileRows
    guard problem.input.layout.lanes > 1, !problem.isPooled, rows * width > 0 else { return nil }
    guard problem.stride > 2 || (problem.input.batch > 1 && 3 * width < 2 * kernels.tileRows * perRow) else { return nil }
    tiles = RowPanels(rows: rows * width, largest: kernels.tileRows)
    panelSets = RowPanels(rows: groupPanels, largest: max(1, Self.largestSet / max(1, depth * 2 * kernels.lanes)))
    let pieces = groups * panelSets.count
    bands = RowPanels(rows: tiles.count, largest: max(1, tiles.count * pieces / max(pieces, wantedPieces)))
  }
}

extension DirectConvolution {
  func runPixels(_ maps: ConvolutionMaps, _ cut: PixelCut, on processor: Processor) {
    let pieces = plan.groups * cut.panelSets.count * cut.bands.count
    processor.threads.forEach(pieces, (convolution: self, maps: maps, cut: cut)) { work, thread, index in
      let cut = work.cut, set = index % cut.panelSets.count, band = index / cut.panelSets.count % cut.bands.count
      let panels = cut.panelSets.firstRow(of: set)..<cut.panelSets.firstRow(of: set + 1)
      let tiles = cut.bands.firstRow(of: band)..<cut.bands.firstRow(of: band + 1)
      let scratch = work.maps.scratch + thread * work.convolution.plan.threadCount
      let group = index / cut.panelSets.count / cut.bands.count
      if band == 0 { work.convolution.clearBorders(work.maps, group: group, panels: panels) }
      for tile in tiles { work.convolution.compute(work.maps, scratch, cut, group: group, panels: panels, tile: tile) }
    }
  }

  private func clearBorders(_ maps: ConvolutionMaps, group: Int, panels: Range<Int>) {
    let places = plan.places
    guard places.isFirst, places.maps.layout.border > 0 else { return }
    for image in 0..<plan.problem.input.batch {
      for block in 2 * panels.lowerBound..<min(2 * panels.upperBound, plan.groupBlocks) {
        plan.kernels.clearBorder(
          places.maps, maps.y + image * places.maps.imageStride + (group * plan.groupBlocks + block) * places.maps.blockStride)
      }
    }
  }

  /// One tile of pixels for some panels of outputs.
  private func compute(
    _ maps: ConvolutionMaps, _ scratch: UnsafeMutablePointer<Float>, _ cut: PixelCut, group: Int, panels: Range<Int>, tile: Int
  ) {
    let problem = plan.problem, input = problem.input, places = plan.places, kernels = plan.kernels, lanes = kernels.lanes
    let pixels = cut.tiles.height(of: tile), capacity = kernels.tileRows, segments = plan.segments + plan.tailSegments
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * capacity + 2) { table in
      // Where each pixel of the tile lies in x, y and the residual.
      let xPlaces = table.baseAddress!, yPlaces = xPlaces + capacity, residualPlaces = yPlaces + capacity, halves = residualPlaces + capacity
      let added = problem.residual ?? problem.output
      for pixel in 0..<pixels {
        let index = cut.tiles.firstRow(of: tile) + pixel
        let column = index % problem.outputWidth, row = index / problem.outputWidth % problem.outputHeight
        let image = index / problem.outputWidth / problem.outputHeight
        xPlaces[pixel] = image * input.imageStride + problem.stride * (row * input.rowStride + column * lanes)
        yPlaces[pixel] = image * places.maps.imageStride + row * places.rowStep + column * places.pixelStep
        residualPlaces[pixel] = image * added.imageStride + row * added.rowStride + column * lanes
      }
      halves[0] = 0
      halves[1] = added.blockStride
      let firstPixel = input.origin - problem.top * input.rowStride - problem.left * lanes
      kernels.gatherPixels(
        maps.x + (group * (input.blocks / plan.groups) * input.blockStride + firstPixel), xPlaces, pixels, capacity, UnsafePointer(plan.offsets.base),
        segments, scratch)
      let sums = scratch + plan.gatheredCount, more = sums + 2 * capacity * lanes
      for panel in panels {
        let block = group * plan.groupBlocks + 2 * panel, vectors = plan.vectors(ofPanel: panel)
        var product = SegmentProduct(
          rows: 1, width: pixels, a: UnsafePointer(scratch), aRowStep: 0, offsets: UnsafePointer(plan.gatheredOffsets.base), segments: plan.segments,
          tailSegments: plan.tailSegments, tailDepth: plan.tailDepth, b: maps.weights + group * plan.groupWeightCount + plan.panelStart(panel),
          c: sums, cRowStep: 0, cBlockStep: capacity * lanes, cPixelStep: lanes, vectors: vectors, bias: maps.bias + block * lanes,
          line: plan.line ?? ClampedLine())
        if let residual = maps.residual {
          kernels.gatherPixels(residual + (block * added.blockStride + added.origin), residualPlaces, pixels, capacity, halves, vectors, more)
          product.residual = UnsafePointer(more)
          product.residualBlockStep = capacity * lanes
        }
        kernels.multiplySegments(product)
        for h in 0..<vectors {
          let half = sums + h * capacity * lanes
          if plan.line == nil { kernels.activate(problem.activation, 0, UnsafePointer(half), half, pixels * lanes) }
          kernels.scatterPixels(UnsafePointer(half), pixels, maps.y + ((block + h) * places.maps.blockStride + places.origin), yPlaces)
        }
      }
    }
  }
}
