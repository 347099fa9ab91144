import KernelTemplates

/// The sizes of a direct convolution and how its work is cut, by its shape alone; everything but the weights.
struct DirectConvolutionPlan: Sendable {
  /// As the caller has it, but with groups merged until each is whole blocks, and a 1×1 convolution of unbordered maps seen as one of fewer, longer rows.
  let problem: ConvolutionProblem
  let places: OutputPlaces
  let kernels: KernelTable
  /// Groups after merging, and blocks of outputs and panels of two blocks in each.
  let groups, groupBlocks, groupPanels: Int
  /// Where segments lie after the beginning of a window, the deep ones first, and how many channels the others have.
  let offsets: AlignedInts
  /// Where they lie when they are gathered.
  let gatheredOffsets: AlignedInts
  let segments, tailSegments, tailDepth: Int
  /// How the tile reads pixels, and whether these must be gathered first, since they lie at some other distance.
  let pixels: PixelStep
  let isGathering: Bool
  /// How the rows and panels of a group are cut into pieces of work.
  let cut: ConvolutionCut
  let line: ClampedLine?
  /// Set if pixels of all pictures are gathered into tiles, without regard to rows; then ``cut`` is not used.
  let pixelCut: PixelCut?

  /// Floats of the input that a band reads at most, if several panels pass over it: 1 MiB, half of a second-level cache.
  private static let largestBand = 262_144

  init(_ wanted: ConvolutionProblem, places: OutputPlaces?, kernels: KernelTable) {
    var problem = wanted
    let lanes = kernels.lanes, isPlain = problem.input.layout.lanes == 1
    var merged = problem.groups
    if merged > 1 {
      // Groups of whole blocks are computed by themselves; others are joined, with zeros where a group's outputs do not see another's channels.
      var joined = 1
      while joined < merged,
        isPlain || merged % joined != 0 || joined * problem.groupChannels % lanes != 0 || joined * problem.groupOutputs % lanes != 0
      {
        joined += 1
      }
      merged = merged / joined
    }
    groups = merged
    let isPointwise = problem.kernelHeight == 1 && problem.kernelWidth == 1 && problem.stride == 1 && problem.top == 0 && problem.left == 0
    if isPointwise, !isPlain, !problem.isPooled, places == nil, problem.input.layout.border == 0, problem.output.layout.border == 0,
      problem.residual == nil || problem.residual!.layout.border == 0
    {
      // Long rows are cut into even tiles. The rows must be alike, so their number divides that of the pixels.
      let pixels = problem.input.height * problem.input.width
      let rows = (1...max(1, pixels / 56)).last { pixels % $0 == 0 } ?? 1
      problem.input.height = rows
      problem.input.width = pixels / rows
      problem.output.height = rows
      problem.output.width = pixels / rows
      problem.residual?.height = rows
      problem.residual?.width = pixels / rows
    }
    self.problem = problem
    self.places = places ?? OutputPlaces(problem.output)
    self.kernels = kernels
    groupBlocks = groups == 1 ? problem.output.blocks : problem.output.channels / groups / lanes
    groupPanels = (groupBlocks + 1) / 2
    let input = problem.input, groupChannels = input.channels / groups
    var deep: [Int] = [], tail: [Int] = []
    let depth = isPlain ? 1 : lanes
    for block in 0..<(groupChannels + depth - 1) / depth {
      for u in 0..<problem.kernelHeight {
        for v in 0..<problem.kernelWidth {
          let offset = block * input.blockStride + u * problem.dilation * input.rowStride + v * problem.dilation * input.pixelStride
          if (block + 1) * depth <= groupChannels { deep.append(offset) } else { tail.append(offset) }
        }
      }
    }
    segments = deep.count
    tailSegments = tail.count
    tailDepth = groupChannels % depth
    offsets = AlignedInts(deep + tail)
    let gatheredStep = kernels.tileRows * (isPlain ? 1 : lanes)
    gatheredOffsets = AlignedInts((0..<segments + tailSegments).map { $0 * gatheredStep })
    isGathering = problem.stride > 2
    pixels =
      switch (isPlain, problem.stride) {
      case (false, 2): .twoVectors
      case (false, _): .vector
      case (true, 2): .two
      case (true, _): .one
      }
    line = ClampedLine(problem.activation)

    cut = ConvolutionCut(
      problem, groups: groups, panels: groupPanels, depth: depth * segments + tailDepth * tailSegments, lanes: lanes,
      rowFloats: problem.input.rowStride * problem.input.blocks / groups * problem.stride, largestBand: Self.largestBand)
    pixelCut = PixelCut(
      problem, kernels: kernels, groups: groups, groupPanels: groupPanels, depth: segments * lanes + tailSegments * tailDepth,
      wantedPieces: 16)
  }

  var isPlain: Bool { problem.input.layout.lanes == 1 }

  /// Numbers of one kernel of an output: the depth of a panel.
  var depth: Int { segments * (isPlain ? 1 : kernels.lanes) + tailSegments * tailDepth }

  /// The panel of a group begins so many floats into its weights: [depth][2 V] each, the last one perhaps [depth][V].
  func panelStart(_ panel: Int) -> Int { depth * 2 * kernels.lanes * panel }
  var groupWeightCount: Int { depth * groupBlocks * kernels.lanes }
  func vectors(ofPanel panel: Int) -> Int { min(2, groupBlocks - 2 * panel) }

  /// Pixels that a tile reads, gathered.
  var gatheredCount: Int { isGathering || pixelCut != nil ? (segments + tailSegments) * kernels.tileRows * (isPlain ? 1 : kernels.lanes) : 0 }
  /// Two rows of outputs of one panel, before they are pooled.
  var rowPairCount: Int { problem.isPooled ? 4 * problem.outputWidth * kernels.lanes : 0 }
  /// The sums of a tile of gathered pixels, and what is added to them.
  var asideCount: Int { pixelCut == nil ? 0 : 4 * kernels.tileRows * kernels.lanes }
  /// Working memory of one thread.
  var threadCount: Int { gatheredCount + rowPairCount + asideCount }
}

/// A convolution summed as its formula says, of blocked maps or of plain ones with few channels.
struct DirectConvolution: Sendable {
  let plan: DirectConvolutionPlan

  init(_ problem: ConvolutionProblem, places: OutputPlaces? = nil, kernels: KernelTable) {
    plan = DirectConvolutionPlan(problem, places: places, kernels: kernels)
  }

  var packedCount: Int { plan.groups * plan.groupWeightCount }
  func scratchCount(threadCount: Int) -> Int { threadCount * plan.threadCount }

  func pack(_ weights: UnsafePointer<Float>, _ order: WeightOrder, into packed: UnsafeMutablePointer<Float>, on processor: Processor) {
    processor.threads.forEach(plan.groups * plan.groupPanels, (plan, weights, order, packed)) { work, _, index in
      let (plan, weights, order, packed) = work
      Self.pack(plan, weights, order, group: index / plan.groupPanels, panel: index % plan.groupPanels, into: packed)
    }
  }

  /// Writes one panel, [depth][V · 1 or 2], the depth in the order of the segments; zeros where an output does not see a channel.
  private static func pack(
    _ plan: DirectConvolutionPlan, _ weights: UnsafePointer<Float>, _ order: WeightOrder, group: Int, panel: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let problem = plan.problem, lanes = plan.kernels.lanes, width = plan.vectors(ofPanel: panel) * lanes
    let block = plan.isPlain ? 1 : lanes
    let channels = problem.input.channels / plan.groups, outputs = problem.output.channels / plan.groups
    let own = problem.groupChannels, ownOutputs = problem.groupOutputs
    var start = packed + group * plan.groupWeightCount + plan.panelStart(panel)
    // One block of channels at a time, so that what the lanes of a panel write lies in the first-level cache.
    for first in stride(from: 0, to: channels, by: block) {
      let last = min(channels, first + block)
      for lane in 0..<width {
        let inGroup = panel * 2 * lanes + lane, output = group * outputs + inGroup
        let firstSeen = output / ownOutputs * own - group * channels
        let kernel = weights + order.start + output / ownOutputs * order.groupStep + output % ownOutputs * order.outputStep
        let seen = inGroup < outputs ? max(first, min(last, firstSeen))..<max(first, min(last, firstSeen + own)) : first..<first
        var target = start + lane
        for row in 0..<problem.kernelHeight {
          for column in 0..<problem.kernelWidth {
            let place = row * order.rowStep + column * order.columnStep
            for _ in first..<seen.lowerBound {
              target.pointee = 0
              target += width
            }
            var source = kernel + ((seen.lowerBound - firstSeen) * order.channelStep + place)
            for _ in seen {
              target.pointee = source.pointee
              target += width
              source += order.channelStep
            }
            for _ in seen.upperBound..<last {
              target.pointee = 0
              target += width
            }
          }
        }
      }
      start += (last - first) * problem.kernelHeight * problem.kernelWidth * width
    }
  }

  func run(_ maps: ConvolutionMaps, on processor: Processor) {
    if let cut = plan.pixelCut { return runPixels(maps, cut, on: processor) }
    processor.threads.forEach(plan.cut.count, (convolution: self, maps: maps)) { work, thread, index in
      let plan = work.convolution.plan, piece = plan.cut[index]
      let aside = work.maps.scratch + thread * plan.threadCount
      for panel in piece.panels {
        work.convolution.compute(work.maps, aside, image: piece.image, group: piece.group, panel: panel, band: piece.band)
      }
    }
  }

  private func compute(_ maps: ConvolutionMaps, _ scratch: UnsafeMutablePointer<Float>, image: Int, group: Int, panel: Int, band: Int) {
    let problem = plan.problem, input = problem.input, places = plan.places, lanes = plan.kernels.lanes
    let block = group * plan.groupBlocks + 2 * panel, vectors = plan.vectors(ofPanel: panel)
    let y = maps.y + image * places.maps.imageStride + block * places.maps.blockStride
    if band == 0, places.isFirst { for h in 0..<vectors { plan.kernels.clearBorder(places.maps, y + h * places.maps.blockStride) } }

    let rows = plan.cut.rows(of: band)
    let firstPixel = input.origin - problem.top * input.rowStride - problem.left * input.pixelStride
    let x = maps.x + image * input.imageStride + group * (input.blocks / plan.groups) * input.blockStride + firstPixel
    var product = SegmentProduct(
      rows: rows.count, width: problem.outputWidth, pixels: plan.pixels, a: x + rows.lowerBound * problem.stride * input.rowStride,
      aRowStep: problem.stride * input.rowStride, offsets: UnsafePointer(plan.offsets.base), segments: plan.segments,
      tailSegments: plan.tailSegments, tailDepth: plan.tailDepth, b: maps.weights + group * plan.groupWeightCount + plan.panelStart(panel),
      c: y + places.origin + rows.lowerBound * places.rowStep, cRowStep: places.rowStep, cBlockStep: places.maps.blockStride,
      cPixelStep: places.pixelStep, vectors: vectors,
      bias: maps.bias + block * lanes, line: plan.line ?? ClampedLine())
    if panel + 1 < plan.groupPanels { product.next = product.b + plan.panelStart(1) }
    if let residual = maps.residual, let added = problem.residual {
      product.residual = residual + image * added.imageStride + block * added.blockStride + added.origin + rows.lowerBound * added.rowStride
      product.residualRowStep = added.rowStride
      product.residualBlockStep = added.blockStride
    }
    if problem.isPooled {
      computePooled(product, into: y + places.origin + rows.lowerBound / 2 * places.rowStep, scratch)
    } else {
      multiply(product, scratch)
    }
  }

  /// Two rows at a time are computed aside and pooled.
  private func computePooled(_ whole: SegmentProduct, into target: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
    let output = plan.problem.output, lanes = plan.kernels.lanes, row = plan.problem.outputWidth * lanes
    let pair = scratch + plan.gatheredCount
    for index in 0..<whole.rows / 2 {
      var product = whole
      product.rows = 2
      product.a = whole.a + 2 * index * whole.aRowStep
      product.residual = whole.residual.map { $0 + 2 * index * whole.residualRowStep }
      product.c = pair
      product.cRowStep = row
      product.cBlockStep = 2 * row
      multiply(product, scratch)
      for h in 0..<whole.vectors {
        let lines = UnsafePointer(pair + h * 2 * row)
        plan.kernels.poolRowPair(lines, lines + row, target + index * output.rowStride + h * output.blockStride, output.width)
      }
    }
  }

  private func multiply(_ product: SegmentProduct, _ scratch: UnsafeMutablePointer<Float>) {
    if plan.isGathering { multiplyGathered(product, scratch) } else { plan.kernels.multiplySegments(product) }
    guard plan.line == nil else { return }
    for row in 0..<product.rows {
      for h in 0..<product.vectors {
        let line = product.c + row * product.cRowStep + h * product.cBlockStep
        plan.places.activate(plan.problem.activation, line, width: product.width, kernels: plan.kernels)
      }
    }
  }

  /// A tile's pixels are brought side by side before it is computed.
  private func multiplyGathered(_ whole: SegmentProduct, _ gathered: UnsafeMutablePointer<Float>) {
    let lanes = plan.problem.input.pixelStride, segments = plan.segments + plan.tailSegments, step = plan.problem.stride * lanes
    for row in 0..<whole.rows {
      let tiles = RowPanels(rows: whole.width, largest: plan.kernels.tileRows)
      var first = 0
      for tile in 0..<tiles.count {
        let pixels = tiles.height(of: tile)
        plan.kernels.gatherSegments(
          whole.a + row * whole.aRowStep + first * step, step, pixels, plan.kernels.tileRows, whole.offsets, segments, lanes, gathered)
        var product = whole
        product.rows = 1
        product.width = pixels
        product.a = UnsafePointer(gathered)
        product.offsets = UnsafePointer(plan.gatheredOffsets.base)
        product.c = whole.c + row * whole.cRowStep + first * whole.cPixelStep
        product.residual = whole.residual.map { $0 + row * whole.residualRowStep + first * plan.kernels.lanes }
        plan.kernels.multiplySegments(product)
        first += pixels
      }
    }
  }
}
