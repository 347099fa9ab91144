import KernelTemplates

/// y = f_n(… f_2(f_1(x))): functions of each element, one after the other, while a few thousand elements are in the first-level cache; memory is read and
/// written once for all of them.
public struct ElementwiseChain: Sendable {
  /// One function; v is the element so far. Operands beside x are numbered from 0 in the order in which ``run(_:_:_:_:into:on:)`` takes them.
  public enum Step: Sendable {
    /// activation(v)
    case activate(Activation)
    /// scale · v + shift
    case scaleAndShift(Float, Float)
    /// v + the operand's element; the operand is as large as x
    case add(operand: Int)
    /// v · the operand's element; the operand is as large as x
    case multiply(operand: Int)
    /// v · the operand's number for the map, of [batch, channels, 1, 1]
    case scaleMaps(operand: Int)
    /// scale[channel] · v + shift[channel], two operands of [channels], filled up to whole blocks
    case scaleAndShiftChannels(scale: Int, shift: Int)
    /// The same with constants, filled up to whole blocks.
    case scaleAndShiftByConstants(scale: AlignedFloats, shift: AlignedFloats)
  }

  public let steps: [Step]
  private let x, y: FeatureMaps
  private let operands: [FeatureMaps]
  /// Maps without borders lie in one piece, each by itself if steps ask for its channel, else all.
  private let blocks, rows, rowCount: Int

  /// How many floats go through all steps at once: two operands of them and the result fit into a first-level cache.
  private static let chunk = 2_048
  /// How many make a piece of work.
  private static let piece = 8_192

  /// - Parameters:
  ///   - operands: how the operands beside x lie. Those as large as x have as many lanes; of those of [channels] only the count matters.
  ///   - y: as large as x, with as many lanes.
  public init(_ steps: [Step], x: FeatureMaps, operands: [FeatureMaps] = [], y: FeatureMaps) {
    precondition(x.batch == y.batch && x.channels == y.channels && x.height == y.height && x.width == y.width && operands.count <= 3)
    precondition(x.layout.lanes == y.layout.lanes)
    self.steps = steps
    self.x = x
    self.y = y
    self.operands = operands
    var isBare = x.layout.border == 0 && y.layout.border == 0, asksForChannels = false
    for step in steps {
      switch step {
      case .activate, .scaleAndShift: break
      case .add(let operand), .multiply(let operand):
        precondition(operands[operand].layout.lanes == x.layout.lanes && operands[operand].height == x.height && operands[operand].width == x.width)
        isBare = isBare && operands[operand].layout.border == 0
      case .scaleMaps, .scaleAndShiftChannels, .scaleAndShiftByConstants: asksForChannels = true
      }
    }
    let all = y.batch * y.blocks, floats = y.height * y.width * y.layout.lanes
    (blocks, rows, rowCount) = isBare ? (asksForChannels ? (all, 1, floats) : (1, 1, all * floats)) : (all, y.height, y.width * y.layout.lanes)
  }

  /// What a piece of work is told.
  private struct Work {
    let chain: ElementwiseChain
    let kernels: KernelTable
    let x: UnsafePointer<Float>
    let operands: InlineArray<3, UnsafePointer<Float>?>
    let y: UnsafeMutablePointer<Float>
  }

  public func run(
    _ x: Span<Float>, _ a: Span<Float>? = nil, _ b: Span<Float>? = nil, _ c: Span<Float>? = nil, into y: inout MutableSpan<Float>,
    on processor: Processor
  ) {
    precondition(x.count == self.x.count && y.count == self.y.count)
    func address(_ span: Span<Float>?, _ operand: Int) -> UnsafePointer<Float>? {
      guard let span, operand < operands.count else { return nil }
      precondition(span.count == operands[operand].count, "operand \(operand) has \(span.count) floats, expected \(operands[operand].count)")
      return span.withUnsafeBufferPointer(\.baseAddress)
    }
    let addresses: InlineArray = [address(a, 0), address(b, 1), address(c, 2)]
    for operand in operands.indices { precondition(addresses[operand] != nil || operands[operand].count == 0, "operand \(operand) is missing") }
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress, rowCount > 0 else { return }
        let work = Work(chain: self, kernels: processor.kernels, x: x, operands: addresses, y: y)
        let lines = blocks * rows * chunksOfRow
        processor.threads.forEach((lines + linesOfPiece - 1) / linesOfPiece, work) { work, _, piece in
          let lines = work.chain.linesOfPiece
          work.chain.compute(work, lines: piece * lines..<min(work.chain.blocks * work.chain.rows * work.chain.chunksOfRow, (piece + 1) * lines))
        }
      }
    }
  }

  /// A row is cut into so many lines.
  private var chunksOfRow: Int { (rowCount + Self.chunk - 1) / Self.chunk }
  private var linesOfPiece: Int { max(1, Self.piece / min(Self.chunk, rowCount)) }

  private func compute(_ work: Work, lines: Range<Int>) {
    var chunk = lines.lowerBound % chunksOfRow, row = lines.lowerBound / chunksOfRow % rows, block = lines.lowerBound / chunksOfRow / rows
    for _ in lines {
      if row == 0 && chunk == 0 { work.kernels.clearBorder(y, work.y + block * y.blockStride) }
      let first = chunk * Self.chunk
      compute(work, block: block, row: row, first: first, count: min(Self.chunk, rowCount - first))
      chunk += 1
      if chunk == chunksOfRow { (chunk, row) = (0, row + 1) }
      if row == rows { (row, block) = (0, block + 1) }
    }
  }

  private func compute(_ work: Work, block: Int, row: Int, first: Int, count: Int) {
    func place(_ maps: FeatureMaps) -> Int { block * maps.blockStride + maps.origin + row * maps.rowStride + first }
    let target = work.y + place(y), lanes = y.layout.lanes, channels = block % y.blocks * lanes, kernels = work.kernels
    var source = work.x + place(x)
    if steps.isEmpty { kernels.copyFloats(source, target, count) }
    for step in steps {
      switch step {
      case .activate(let activation): kernels.activate(activation, 0, source, target, count)
      case .scaleAndShift(let scale, let shift): kernels.scaleAndShift(scale, shift, source, target, count)
      case .add(let operand): kernels.add(source, work.operands[operand].unsafelyUnwrapped + place(operands[operand]), target, count)
      case .multiply(let operand): kernels.multiply(source, work.operands[operand].unsafelyUnwrapped + place(operands[operand]), target, count)
      case .scaleMaps(let operand):
        let maps = operands[operand], scale = work.operands[operand].unsafelyUnwrapped + (block * maps.blockStride + maps.origin)
        scaleAndShift(kernels, scale, nil, source, target, count)
      case .scaleAndShiftChannels(let scale, let shift):
        scaleAndShift(
          kernels, work.operands[scale].unsafelyUnwrapped + channels, work.operands[shift].unsafelyUnwrapped + channels, source, target, count)
      case .scaleAndShiftByConstants(let scale, let shift):
        scaleAndShift(kernels, UnsafePointer(scale.base + channels), UnsafePointer(shift.base + channels), source, target, count)
      }
      source = UnsafePointer(target)
    }
  }

  private func scaleAndShift(
    _ kernels: KernelTable, _ scale: UnsafePointer<Float>, _ shift: UnsafePointer<Float>?, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    if self.y.layout.lanes == 1 {
      kernels.scaleAndShift(scale[0], shift?[0] ?? 0, x, y, count)
    } else {
      kernels.scaleAndShiftLanes(scale, shift, x, y, count)
    }
  }
}
