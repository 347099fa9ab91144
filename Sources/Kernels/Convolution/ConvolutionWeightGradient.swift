import KernelTemplates

/// The gradient of a convolution by its weights, and by its bias:
///
/// dw[o, c, u, v] = Σ_n,i,j dy[n, o, i, j] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left]
///
/// db[o] = Σ_n,i,j dy[n, o, i, j]
///
/// Some channels of x at all places of the window are multiplied with two blocks of outputs of dy; the sums over all pixels stay in the first-level cache, and
/// those of a tile in registers while a chunk of pixels passes. If these products are too few for all threads, the pixels are cut into parts, whose sums are
/// added up at the end, always in the same order.
public struct ConvolutionWeightGradient: Sendable {
  /// The convolution, whose activation, residual and pooling are not looked at. x is blocked or plain and has the border that the convolution needs, dy is
  /// blocked.
  public let problem: ConvolutionProblem
  private let kernels: KernelTable
  private let isDepthwise: Bool
  /// Whether x and dy are the same maps, seen through a window of 1×1: only the sums of channels from each panel's first output on are computed, and the others
  /// are those across the diagonal.
  private let isSymmetric: Bool
  /// Where each channel of a set lies at each place of the window: [channels][kernel height][kernel width].
  private let offsets: AlignedInts
  /// Channels whose sums one piece of work has, and how many such sets there are.
  private let setChannels, sets: Int
  /// Blocks of outputs that one piece of work has, and how many such panels there are.
  private let panelBlocks, panels: Int
  /// What is summed between loading and storing a tile of sums: some pictures, or some rows of one. All chunks of one picture, or of so many, in order.
  private let chunkImages, chunkRows, chunks: Int
  /// Where the rows of pixels of a chunk lie in x and dy, after its first.
  private let xPlaces, dyPlaces: AlignedInts
  /// Parts that the chunks are cut into.
  private let parts: RowPanels

  /// Floats of dy and of x in a chunk, about: 16 and 24 KiB, so that both stay in the first-level cache while the tiles pass.
  private static let wantedOutputs = 4_096, wantedInputs = 6_144
  /// Rows of sums that a piece of work has, about: a block of channels at nine places of a window, or ten blocks at one.
  private static let wantedRows = 160
  /// How many pieces of work there should be: enough that threads end at about the same time.
  private static let wantedPieces = 16

  public init(_ problem: ConvolutionProblem, isSymmetric: Bool = false, kernels: KernelTable) {
    let x = problem.input, dy = problem.output, lanes = kernels.lanes
    precondition([1, lanes].contains(x.layout.lanes) && dy.layout.lanes == lanes && !problem.isPooled)
    precondition(x.layout.border >= problem.neededBorder, "windows reach beyond the border")
    precondition(!isSymmetric || problem.weightCount == x.channels * x.channels && problem.groups == 1)
    self.problem = problem
    self.kernels = kernels
    self.isSymmetric = isSymmetric
    isDepthwise = problem.isDepthwise && x.layout.lanes > 1
    let window = problem.kernelHeight * problem.kernelWidth
    let step = x.layout.lanes
    if isDepthwise {
      setChannels = 1
    } else {
      let blocks = problem.groups > 1 ? 1 : max(1, Self.wantedRows / (window * step))
      setChannels = min(x.channels, blocks * step)
    }
    sets = isDepthwise ? 1 : (x.channels + setChannels - 1) / setChannels
    panelBlocks = isDepthwise ? 1 : 2
    panels = (dy.blocks + panelBlocks - 1) / panelBlocks
    var offsets: [Int] = []
    for channel in 0..<setChannels {
      for u in 0..<problem.kernelHeight {
        for v in 0..<problem.kernelWidth {
          offsets.append(channel / step * x.blockStride + channel % step + u * problem.dilation * x.rowStride + v * problem.dilation * x.pixelStride)
        }
      }
    }
    self.offsets = AlignedInts(offsets)
    // What is read at one place of the window alone need not stay in the cache.
    let blocks = isDepthwise ? 1 : (setChannels + step - 1) / step
    let outputs = max(1, dy.width * panelBlocks * lanes), inputs = window > 1 ? max(1, blocks * x.rowStride) : 1
    chunkRows = max(1, min(dy.height, Self.wantedOutputs / outputs, Self.wantedInputs / (problem.stride * inputs)))
    let pictures = min(Self.wantedOutputs / (outputs * max(1, dy.height)), Self.wantedInputs / (inputs * (x.height + 2 * x.layout.border)))
    chunkImages = chunkRows < dy.height ? 1 : max(1, min(dy.batch, pictures))
    var xPlaces: [Int] = [], dyPlaces: [Int] = []
    for image in 0..<chunkImages {
      for row in 0..<chunkRows {
        xPlaces.append(image * x.imageStride + problem.stride * row * x.rowStride)
        dyPlaces.append(image * dy.imageStride + row * dy.rowStride)
      }
    }
    self.xPlaces = AlignedInts(xPlaces)
    self.dyPlaces = AlignedInts(dyPlaces)
    chunks = (dy.batch + chunkImages - 1) / chunkImages * ((dy.height + chunkRows - 1) / chunkRows)
    let pieces = max(1, sets * panels)
    parts = RowPanels(rows: chunks, largest: max(1, chunks * pieces / max(pieces, Self.wantedPieces)))
  }

  private var window: Int { problem.kernelHeight * problem.kernelWidth }
  /// Floats of the sums of one piece of work, the bias's after them.
  private var pieceCount: Int { (setChannels * window + 1) * panelBlocks * kernels.lanes }

  /// How many floats of working memory a run needs.
  public func scratchCount(threadCount: Int) -> Int { (parts.count > 1 ? parts.count * sets * panels : threadCount) * pieceCount }

  /// - Parameters:
  ///   - dw: [outputs][channels / groups][kernel height][kernel width].
  ///   - db: [outputs], or empty when it is not wanted.
  public func run(
    _ x: Span<Float>, _ dy: Span<Float>, into dw: inout MutableSpan<Float>, bias db: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    on processor: Processor
  ) {
    precondition(x.count == problem.input.count && dy.count == problem.output.count && dw.count == problem.weightCount)
    precondition(db.count == problem.output.channels || db.isEmpty)
    precondition(scratch.count >= scratchCount(threadCount: processor.threads.threadCount))
    x.withUnsafeBufferPointer { x in
      dy.withUnsafeBufferPointer { dy in
        dw.withUnsafeMutableBufferPointer { dw in
          db.withUnsafeMutableBufferPointer { db in
            scratch.withUnsafeMutableBufferPointer { scratch in
              guard let dw = dw.baseAddress, let scratch = scratch.baseAddress else { return }
              guard let x = x.baseAddress, let dy = dy.baseAddress else {
                dw.update(repeating: 0, count: problem.weightCount)
                db.update(repeating: 0)
                return
              }
              run(Maps(x: x, dy: dy, dw: dw, db: db.isEmpty ? nil : db.baseAddress, scratch: scratch), on: processor)
              if isSymmetric { mirror(dw) }
            }
          }
        }
      }
    }
  }

  private struct Maps {
    var x, dy: UnsafePointer<Float>
    var dw: UnsafeMutablePointer<Float>
    var db: UnsafeMutablePointer<Float>?
    var scratch: UnsafeMutablePointer<Float>
  }

  private func run(_ maps: Maps, on processor: Processor) {
    let pieces = sets * panels
    processor.threads.forEach(pieces * parts.count, (gradient: self, maps: maps)) { work, thread, index in
      let gradient = work.gradient, pieces = gradient.sets * gradient.panels, isOnly = gradient.parts.count == 1
      let piece = index % pieces, sums = work.maps.scratch + (isOnly ? thread : index) * gradient.pieceCount
      gradient.sum(work.maps, piece: piece, part: index / pieces, into: sums)
      if isOnly { gradient.finish(work.maps, piece: piece, UnsafePointer(sums)) }
    }
    guard parts.count > 1 else { return }
    processor.threads.forEach(pieces, (gradient: self, maps: maps)) { work, _, piece in
      work.gradient.finish(work.maps, piece: piece, UnsafePointer(work.maps.scratch + piece * work.gradient.pieceCount))
    }
  }

  /// Writes what lies before each panel's first output from across the diagonal.
  private func mirror(_ dw: UnsafeMutablePointer<Float>) {
    let count = problem.output.channels, width = panelBlocks * kernels.lanes
    for output in 0..<count { for channel in 0..<output / width * width { dw[output * count + channel] = dw[channel * count + output] } }
  }

  private func outputs(ofPanel panel: Int) -> Range<Int> {
    let width = panelBlocks * kernels.lanes
    return panel * width..<min((panel + 1) * width, problem.output.channels)
  }

  /// The channels of a set that outputs of a panel see.
  private func channels(ofSet set: Int, panel: Int) -> Range<Int> {
    if isDepthwise { return 0..<1 }
    let outputs = outputs(ofPanel: panel), channels = problem.groupChannels
    let first = outputs.lowerBound / problem.groupOutputs * channels, end = ((outputs.upperBound - 1) / problem.groupOutputs + 1) * channels
    let lower = max(first, set * setChannels, isSymmetric ? outputs.lowerBound : 0)
    return lower..<max(lower, min(end, (set + 1) * setChannels, problem.input.channels))
  }

  /// The sums of one piece over the chunks of a part.
  private func sum(_ maps: Maps, piece: Int, part: Int, into sums: UnsafeMutablePointer<Float>) {
    let x = problem.input, dy = problem.output, set = piece % sets, panel = piece / sets, lanes = kernels.lanes
    let channels = channels(ofSet: set, panel: panel), block = panel * panelBlocks, rows = channels.count * window
    let vectors = min(panelBlocks, dy.blocks - block)
    sums.update(repeating: 0, count: (rows + 1) * vectors * lanes)
    guard rows > 0 || set == 0 else { return }
    let firstBlock = isDepthwise ? block : set * setChannels / x.layout.lanes
    let firstPixel = x.origin - problem.top * x.rowStride - problem.left * x.pixelStride
    let bands = (dy.height + chunkRows - 1) / chunkRows
    for chunk in parts.firstRow(of: part)..<parts.firstRow(of: part + 1) {
      let image = chunk / bands * chunkImages, row = chunk % bands * chunkRows
      let images = min(chunkImages, dy.batch - image), lines = images * min(chunkRows, dy.height - row)
      let product = PixelProduct(
        lines: lines, width: dy.width, aPlaces: xPlaces.base, bPlaces: dyPlaces.base,
        a: maps.x + (image * x.imageStride + firstBlock * x.blockStride + firstPixel + row * problem.stride * x.rowStride),
        aPixelStep: problem.stride * x.pixelStride,
        offsets: UnsafePointer(offsets.base) + (isDepthwise ? 0 : channels.lowerBound - set * setChannels) * window, rows: rows,
        b: maps.dy + (image * dy.imageStride + block * dy.blockStride + dy.origin + row * dy.rowStride), bBlockStep: dy.blockStride, vectors: vectors, c: sums,
        sums: set == 0 && maps.db != nil ? sums + rows * vectors * lanes : nil)
      if isDepthwise { kernels.multiplyPixelVectors(product) } else { kernels.multiplyPixels(product) }
    }
  }

  /// Adds up the parts of one piece and writes them in the order of the weights.
  private func finish(_ maps: Maps, piece: Int, _ sums: UnsafePointer<Float>) {
    let set = piece % sets, panel = piece / sets, lanes = kernels.lanes, outputs = outputs(ofPanel: panel)
    let width = min(panelBlocks, problem.output.blocks - panel * panelBlocks) * lanes, partStep = sets * panels * pieceCount
    let computed = channels(ofSet: set, panel: panel)
    // Outputs of one group at a time, since they see the same channels.
    var first = outputs.lowerBound
    while first < outputs.upperBound {
      let group = first / problem.groupOutputs, end = isDepthwise ? outputs.upperBound : min(outputs.upperBound, (group + 1) * problem.groupOutputs)
      let own = group * problem.groupChannels..<(group + 1) * problem.groupChannels
      let seen = isDepthwise ? computed : computed.clamped(to: own)
      if !seen.isEmpty {
        kernels.turnSums(
          sums + ((seen.lowerBound - computed.lowerBound) * window * width + first - outputs.lowerBound), width, seen.count * window, end - first,
          parts.count, partStep, maps.dw + (first * problem.groupChannels + (isDepthwise ? 0 : seen.lowerBound - own.lowerBound)) * window,
          problem.groupChannels * window)
      }
      first = end
    }
    guard set == 0, let db = maps.db else { return }
    kernels.turnSums(sums + computed.count * window * width, width, 1, outputs.count, parts.count, partStep, db + outputs.lowerBound, 1)
  }
}
