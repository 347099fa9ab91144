import KernelTemplates
import SIMDShims

/// What numbers a convolution multiplies.
public enum ConvolutionPrecision: Hashable, Sendable {
  case float32
  /// Inputs and weights rounded to bf16, sums in floats.
  case bfloat16
  /// Inputs as bytes between these two numbers, weights as bytes with a scale for each output, exact sums.
  case int8(lower: Float, upper: Float)
}

/// A convolution of blocked maps that multiplies numbers smaller than floats; its weights do not change. Input, output and whatever is added are
/// floats.
///
/// A run first writes the input in small numbers, with the border that windows reach into, then sums products as ``DirectConvolution`` does. Bytes:
/// with x ≈ s · (q − z) and w[o] ≈ t[o] · p[o], y[o] = s · t[o] · Σ q · p[o] + (b[o] − s · t[o] · z · Σ p[o]).
public struct ReducedConvolution: Sendable {
  public let precision: ConvolutionPrecision
  private let problem: ConvolutionProblem
  private let plan: ReducedConvolutionPlan
  private let packed: AlignedFloats
  /// Bytes: what the sums are multiplied by. And what is added to them.
  private let scale, bias: AlignedFloats
  private let bytes: ByteScale
  private let dots: DotKernelTable

  /// Whether such a convolution can be computed with small numbers: blocked maps, whole groups, a stride of 1 or 2.
  public static func canCompute(_ problem: ConvolutionProblem, precision: ConvolutionPrecision, on processor: Processor) -> Bool {
    let lanes = processor.kernels.lanes, depth = problem.groupChannels * problem.kernelHeight * problem.kernelWidth
    let hasWholeGroups = problem.groups == 1 || problem.groupChannels % lanes == 0 && problem.groupOutputs % lanes == 0
    guard processor.dotKernels != nil, problem.input.layout.lanes == lanes, lanes > 1, hasWholeGroups, problem.stride <= 2,
      !problem.isPooled || ClampedLine(problem.activation) != nil
    else { return false }
    switch precision {
    case .float32: return false
    case .bfloat16: return true
    case .int8(let lower, let upper):
      return lower.isFinite && upper.isFinite && lower < upper && depth < Int(Int32.max) / (255 * 127)  // sums fit into 32 bits
    }
  }

  /// - Parameters:
  ///   - weights: [outputs][channels / groups][kernel height][kernel width].
  ///   - bias: [outputs], or nil.
  ///   - usesPairs: whether bf16 is multiplied by the instruction for pairs rather than as rounded floats; the result is the same. Nil for what is
  ///     faster here.
  public init(
    _ problem: ConvolutionProblem, precision: ConvolutionPrecision, weights: Span<Float>, bias: Span<Float>?, on processor: Processor,
    usesPairs: Bool? = nil
  ) {
    precondition(Self.canCompute(problem, precision: precision, on: processor))
    precondition(weights.count == problem.weightCount && (bias == nil || bias!.count == problem.output.channels))
    let dots = processor.dotKernels!, outputs = problem.output.channels, lanes = processor.kernels.lanes
    self.problem = problem
    self.precision = precision
    self.dots = dots
    let size = NumberSize(precision, on: processor, usesPairs: usesPairs)
    if case .int8(let lower, let upper) = precision {
      bytes = ByteScale(from: min(lower, 0), to: max(upper, 0))
    } else {
      bytes = ByteScale(scale: 1, zero: 0)
    }
    plan = ReducedConvolutionPlan(problem, size: size, kernels: processor.kernels)
    packed = AlignedFloats(count: plan.packedCount)
    let paddedOutputs = (problem.output.blocks + 1) * lanes
    scale = AlignedFloats([], paddedTo: paddedOutputs)
    self.bias = AlignedFloats([], paddedTo: paddedOutputs)
    for output in 0..<outputs { self.bias.base[output] = bias?[output] ?? 0 }
    weights.withUnsafeBufferPointer { weights in
      let rounded = AlignedFloats(count: size == .byte ? 0 : weights.count)
      if size != .byte { dots.roundToUpperHalves(weights.baseAddress!, rounded.base, weights.count) }
      let source = size == .byte ? weights.baseAddress! : UnsafePointer(rounded.base)
      let work = (plan: plan, weights: source, packed: packed.base, scale: scale.base, bias: self.bias.base, bytes: bytes)
      processor.threads.forEach(plan.groups * plan.groupPanels, work) { work, _, index in
        let packing = ReducedWeights(plan: work.plan, weights: work.weights, packed: work.packed)
        let group = index / work.plan.groupPanels, panel = index % work.plan.groupPanels
        if work.plan.size == .byte {
          packing.packBytes(group: group, panel: panel, bytes: work.bytes, scale: work.scale, bias: work.bias)
        } else {
          packing.packRounded(group: group, panel: panel)
        }
      }
      withExtendedLifetime(rounded) {}
    }
  }

  /// How it is computed, for listings.
  public var detail: String {
    switch plan.size {
    case .byte: "int8"
    case .pair: "bf16"
    case .rounded: "bf16 as floats"
    }
  }

  /// How many floats of working memory a run needs.
  public func scratchCount(threadCount: Int) -> Int { plan.scratchCount(threadCount: threadCount) }

  /// The same before there are weights.
  public static func scratchCount(_ problem: ConvolutionProblem, precision: ConvolutionPrecision, on processor: Processor) -> Int {
    let size = NumberSize(precision, on: processor, usesPairs: nil)
    return ReducedConvolutionPlan(problem, size: size, kernels: processor.kernels).scratchCount(threadCount: processor.threads.threadCount)
  }

  /// See ``ConvolutionPlan/run(_:packed:residual:into:scratch:on:)``.
  public func run(
    _ input: Span<Float>, residual: Span<Float>? = nil, into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    on processor: Processor
  ) {
    precondition(input.count == problem.input.count && output.count == problem.output.count)
    precondition((residual == nil) == (problem.residual == nil) && (residual == nil || residual!.count == problem.residual!.count))
    precondition(scratch.count >= scratchCount(threadCount: processor.threads.threadCount))
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let x = input.baseAddress, let y = output.baseAddress, let scratch = scratch.baseAddress else { return }
          var maps = ConvolutionMaps(
            x: x, weights: UnsafePointer(packed.base), bias: UnsafePointer(bias.base), residual: nil, y: y, scratch: scratch)
          guard let residual else { return run(maps, on: processor) }
          residual.withUnsafeBufferPointer {
            maps.residual = $0.baseAddress
            run(maps, on: processor)
          }
        }
      }
    }
  }

  private func run(_ maps: ConvolutionMaps, on processor: Processor) {
    let bands = plan.conversion
    processor.threads.forEach(problem.input.batch * problem.input.blocks * bands.count, (convolution: self, maps: maps)) { work, _, index in
      let plan = work.convolution.plan
      work.convolution.convert(work.maps, map: index / plan.conversion.count, band: index % plan.conversion.count)
    }
    processor.threads.forEach(plan.cut.count, (convolution: self, maps: maps, kernels: processor.kernels)) { work, thread, index in
      let plan = work.convolution.plan, piece = plan.cut[index]
      let aside = work.maps.scratch + (plan.convertedCount + thread * plan.rowPairCount)
      for panel in piece.panels {
        work.convolution.compute(work.maps, work.kernels, aside, image: piece.image, group: piece.group, panel: panel, band: piece.band)
      }
    }
  }

  /// Writes some rows of one block of channels in small numbers; rows and columns of the border, and channels that the last block has too many, as
  /// zeros.
  private func convert(_ maps: ConvolutionMaps, map: Int, band: Int) {
    let input = problem.input, lanes = input.layout.lanes, converted = plan.converted, pixel = plan.pixelCount
    let block = map % input.blocks, seen = min(lanes, input.channels - block * lanes), border = converted.layout.border
    let source = maps.x + (map * input.blockStride + input.origin), target = maps.scratch + map * plan.blockCount
    for row in plan.conversion.firstRow(of: band)..<plan.conversion.firstRow(of: band + 1) {
      let line = target + row * plan.rowCount, inside = row - border
      guard inside >= 0, inside < converted.height else {
        fillWithZero(line, pixels: converted.width + 2 * border)
        continue
      }
      fillWithZero(line, pixels: border)
      fillWithZero(line + (border + converted.width) * pixel, pixels: border)
      let first = source + inside * plan.keptStep * input.rowStride, written = line + border * pixel
      if plan.keptStep == 1 {
        convert(first, written, count: converted.width * lanes)
      } else {
        for column in 0..<converted.width { convert(first + column * plan.keptStep * lanes, written + column * pixel, count: lanes) }
      }
      if seen < lanes, plan.size != .byte { for column in 0..<converted.width { clear(written + column * pixel, from: seen, to: lanes) } }
    }
  }

  private func convert(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, count: Int) {
    switch plan.size {
    case .byte: dots.quantizeBytes(bytes, source, UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt8.self), count)
    case .pair: dots.packPairs(source, UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt32.self), count)
    case .rounded: dots.roundToUpperHalves(source, target, count)
    }
  }

  private func fillWithZero(_ target: UnsafeMutablePointer<Float>, pixels: Int) {
    let zero = Float(bitPattern: UInt32(bytes.zero) * 0x0101_0101)
    for index in 0..<pixels * plan.pixelCount { target[index] = zero }
  }

  /// Channels that mean nothing may hold anything, and no weight makes a zero of infinity.
  private func clear(_ pixel: UnsafeMutablePointer<Float>, from first: Int, to last: Int) {
    guard plan.size == .pair else {
      for channel in first..<last { pixel[channel] = 0 }
      return
    }
    let words = UnsafeMutableRawPointer(pixel).assumingMemoryBound(to: UInt32.self)
    for channel in first..<last { words[channel / 2] &= channel % 2 == 0 ? 0x0000_ffff : 0xffff_0000 }
  }

  private func compute(
    _ maps: ConvolutionMaps, _ kernels: KernelTable, _ aside: UnsafeMutablePointer<Float>, image: Int, group: Int, panel: Int, band: Int
  ) {
    let output = plan.problem.output, lanes = kernels.lanes, block = group * plan.groupBlocks + 2 * panel, vectors = plan.vectors(ofPanel: panel)
    let y = maps.y + image * output.imageStride + block * output.blockStride
    if band == 0 { for h in 0..<vectors { kernels.clearBorder(output, y + h * output.blockStride) } }
    let rows = plan.cut.rows(of: band)
    let map = image * problem.input.blocks + group * (problem.input.blocks / plan.groups)
    var product = SegmentProduct(
      rows: rows.count, width: plan.problem.outputWidth, pixels: plan.stride == 2 ? .twoVectors : .vector,
      a: UnsafePointer(maps.scratch) + (map * plan.blockCount + plan.firstPixel + rows.lowerBound * plan.aRowStep), aRowStep: plan.aRowStep,
      offsets: UnsafePointer(plan.offsets.base), segments: plan.segments,
      b: maps.weights + (group * plan.groupWeightCount + plan.panelStart(panel)), c: y + output.origin + rows.lowerBound * output.rowStride,
      cRowStep: output.rowStride, cBlockStep: output.blockStride, cPixelStep: lanes, vectors: vectors,
      bias: maps.bias + block * lanes, line: plan.line ?? ClampedLine())
    if plan.size == .byte { product.scale = UnsafePointer(scale.base) + block * lanes }
    if panel + 1 < plan.groupPanels { product.next = product.b + plan.panelStart(1) }
    if let residual = maps.residual, let added = plan.problem.residual {
      product.residual = residual + (image * added.imageStride + block * added.blockStride + added.origin + rows.lowerBound * added.rowStride)
      product.residualRowStep = added.rowStride
      product.residualBlockStep = added.blockStride
    }
    guard plan.problem.isPooled else { return multiply(product, kernels) }
    let row = plan.problem.outputWidth * lanes
    for index in 0..<product.rows / 2 {
      var pair = product
      pair.rows = 2
      pair.a = product.a + 2 * index * product.aRowStep
      pair.c = aside
      pair.cRowStep = row
      pair.cBlockStep = 2 * row
      multiply(pair, kernels)
      for h in 0..<vectors {
        let lines = UnsafePointer(aside + h * 2 * row)
        let target = y + (output.origin + (rows.lowerBound / 2 + index) * output.rowStride + h * output.blockStride)
        kernels.poolRowPair(lines, lines + row, target, output.width)
      }
    }
  }

  private func multiply(_ product: SegmentProduct, _ kernels: KernelTable) {
    switch plan.size {
    case .byte: dots.multiplyBytes(product)
    case .pair, .rounded:
      // The instruction takes subnormal numbers for zero, so everything does.
      let before = shim_flush_subnormals()
      if plan.size == .pair { dots.multiplyPairs!(product) } else { kernels.multiplySegments(product) }
      shim_restore_subnormals(before)
    }
    guard plan.line == nil else { return }
    for row in 0..<product.rows {
      for h in 0..<product.vectors {
        let line = product.c + row * product.cRowStep + h * product.cBlockStep
        kernels.activate(plan.problem.activation, 0, UnsafePointer(line), line, product.width * kernels.lanes)
      }
    }
  }
}

extension NumberSize {
  init(_ precision: ConvolutionPrecision, on processor: Processor, usesPairs: Bool?) {
    if case .int8 = precision {
      self = .byte
    } else {
      self = processor.dotKernels?.multiplyPairs != nil && (usesPairs ?? processor.hasFastPairs) ? .pair : .rounded
    }
  }
}

extension ByteScale {
  /// The bytes 0 to 255 spread over `lower` ≤ 0 to `upper` ≥ 0, so that 0 is one of them.
  init(from lower: Float, to upper: Float) {
    let step = max(upper - lower, .leastNormalMagnitude) / 255
    self.init(scale: 1 / step, zero: UInt8(min(255, max(0, (-lower / step).rounded()))))
  }
}
