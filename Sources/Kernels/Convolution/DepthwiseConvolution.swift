import KernelTemplates

/// A convolution of blocked maps in which each channel has a kernel of its own.
struct DepthwiseConvolution: Sendable {
  private let problem: ConvolutionProblem
  private let kernels: KernelTable
  private let line: ClampedLine?
  private let places: OutputPlaces
  private let bands: Int

  /// Floats of the input that a piece of work reads, about: 64 KiB.
  private static let wantedBand = 16_384

  init(_ problem: ConvolutionProblem, places: OutputPlaces? = nil, kernels: KernelTable) {
    self.problem = problem
    self.places = places ?? OutputPlaces(problem.output)
    self.kernels = kernels
    line = ClampedLine(problem.activation)
    let fitting = max(1, min(problem.outputHeight, Self.wantedBand / max(1, problem.input.rowStride * problem.stride)))
    let count = (problem.outputHeight + fitting - 1) / fitting, even = count + (count > 1 ? count % 2 : 0)
    bands = min(even, max(1, problem.outputHeight))
  }

  var packedCount: Int { problem.output.blocks * problem.kernelHeight * problem.kernelWidth * kernels.lanes }

  /// Writes [blocks][kernel height][kernel width][V].
  func pack(_ weights: UnsafePointer<Float>, _ order: WeightOrder, into packed: UnsafeMutablePointer<Float>, on processor: Processor) {
    var target = packed
    for block in 0..<problem.output.blocks {
      for row in 0..<problem.kernelHeight {
        for column in 0..<problem.kernelWidth {
          for lane in 0..<kernels.lanes {
            let channel = block * kernels.lanes + lane
            let place = order.start + channel * order.groupStep + row * order.rowStep + column * order.columnStep
            target.pointee = channel < problem.output.channels ? weights[place] : 0
            target += 1
          }
        }
      }
    }
  }

  func run(_ maps: ConvolutionMaps, on processor: Processor) {
    let pieces = problem.input.batch * problem.output.blocks * bands
    processor.threads.forEach(pieces, (convolution: self, maps: maps)) { work, _, index in
      // Bands first, as other convolutions are cut, so that a thread finds in its cache the rows that it wrote.
      let bands = work.convolution.bands, blocks = work.convolution.problem.output.blocks
      let image = index / blocks / bands
      work.convolution.compute(work.maps, map: image * blocks + index % blocks, band: index / blocks % bands)
    }
  }

  /// Some rows of one block of channels of one picture.
  private func compute(_ maps: ConvolutionMaps, map: Int, band: Int) {
    let input = problem.input, output = problem.output, lanes = kernels.lanes, block = map % output.blocks
    let target = maps.y + map * places.maps.blockStride
    if band == 0, places.isFirst { kernels.clearBorder(places.maps, target) }
    let rows = share(band, of: bands, in: problem.outputHeight)
    let firstPixel = input.origin - problem.top * input.rowStride - problem.left * lanes
    let first = target + places.origin + rows.lowerBound * places.rowStep
    kernels.convolveDepthwise(
      DepthwiseRows(
        kernelHeight: problem.kernelHeight, kernelWidth: problem.kernelWidth, stride: problem.stride, dilation: problem.dilation, rows: rows.count,
        width: problem.outputWidth, x: maps.x + map * input.blockStride + firstPixel + rows.lowerBound * problem.stride * input.rowStride,
        xRowStep: input.rowStride, weights: maps.weights + block * problem.kernelHeight * problem.kernelWidth * lanes,
        bias: maps.bias + block * lanes, y: first, yRowStep: places.rowStep, yPixelStep: places.pixelStep, line: line ?? ClampedLine()))
    guard line == nil else { return }
    for row in 0..<rows.count { places.activate(problem.activation, first + row * places.rowStep, width: problem.outputWidth, kernels: kernels) }
  }
}
