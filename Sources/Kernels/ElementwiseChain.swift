import KernelTemplates

/// y = f_n(… f_2(f_1(x))): functions of each element, one after the other, while a few thousand elements are in the first-level cache; memory is read and
/// written once for all of them.
public struct ElementwiseChain {
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

  private let calls: Calls
  private let x, y: FeatureMaps
  private let operands: InlineArray<3, FeatureMaps>
  private let operandCount: Int
  private let cut: Cut

  /// A step without references, so that running it counts none.
  private enum Call {
    case activate(Activation)
    case scaleAndShift(Float, Float)
    case add(Int)
    case multiply(Int)
    case scaleMaps(Int)
    case scaleAndShiftChannels(Int, Int)
    case scaleAndShiftByConstants(UnsafePointer<Float>, UnsafePointer<Float>)
  }

  /// The steps, and the constants whose addresses are among them.
  private final class Calls {
    let all: UnsafeMutableBufferPointer<Call>
    private let constants: [AlignedFloats]

    init(_ calls: [Call], _ constants: [AlignedFloats]) {
      all = .allocate(capacity: calls.count)
      _ = all.initialize(from: calls)
      self.constants = constants
    }

    deinit { all.deallocate() }
  }

  /// How the maps are cut into runs of floats.
  private struct Cut {
    /// `blocks` blocks of `rows` runs each, `runCount` floats long.
    let blocks, rows, runCount: Int
    /// Whether a run holds the borders at the ends of its map's rows.
    let holdsBorders: Bool

    /// How many floats go through all steps at once: two operands of them and the result fit into a first-level cache.
    static let chunk = 2_048
    /// How many make a piece of work.
    static let piece = 8_192

    /// Maps without borders are one run, each by itself if steps ask for its channel, else all together. Small maps with the same borders are a run each,
    /// from the first pixel to the last.
    init(_ maps: [FeatureMaps], asksForChannels: Bool) {
      let y = maps[0], border = y.layout.border, all = y.batch * y.blocks, floats = y.height * y.width * y.layout.lanes
      let isAlike = maps.allSatisfy { $0.layout.border == border }
      holdsBorders = isAlike && border > 0 && y.blockStride <= 2 * Self.piece
      if holdsBorders {
        (blocks, rows, runCount) = (all, 1, (y.height - 1) * y.rowStride + y.width * y.layout.lanes)
      } else if isAlike && border == 0 {
        (blocks, rows, runCount) = asksForChannels ? (all, 1, floats) : (1, 1, all * floats)
      } else {
        (blocks, rows, runCount) = (all, y.height, y.width * y.layout.lanes)
      }
    }

    var chunksOfRun: Int { (runCount + Self.chunk - 1) / Self.chunk }
    var chunks: Int { blocks * rows * chunksOfRun }
    /// Chunks of a piece of work: those of whole blocks if they hold borders.
    var chunksOfPiece: Int {
      let wanted = max(1, Self.piece / max(1, min(Self.chunk, runCount)))
      return holdsBorders ? (wanted + chunksOfRun - 1) / chunksOfRun * chunksOfRun : wanted
    }
  }

  /// - Parameters:
  ///   - operands: how the operands beside x lie. Those as large as x have as many lanes; of those of [channels] only the count matters.
  ///   - y: as large as x, with as many lanes.
  public init(_ steps: [Step], x: FeatureMaps, operands: [FeatureMaps] = [], y: FeatureMaps) {
    precondition(x.batch == y.batch && x.channels == y.channels && x.height == y.height && x.width == y.width && operands.count <= 3)
    precondition(x.layout.lanes == y.layout.lanes)
    self.x = x
    self.y = y
    operandCount = operands.count
    self.operands = InlineArray { $0 < operands.count ? operands[$0] : y }
    var maps = [y, x], asksForChannels = false, constants: [AlignedFloats] = []
    let calls = steps.map { step -> Call in
      switch step {
      case .activate(let activation): return .activate(activation)
      case .scaleAndShift(let scale, let shift): return .scaleAndShift(scale, shift)
      case .add(let operand), .multiply(let operand):
        let other = operands[operand]
        precondition(other.layout.lanes == x.layout.lanes && other.channels == x.channels && other.height == x.height && other.width == x.width)
        maps.append(other)
        if case .add = step { return .add(operand) }
        return .multiply(operand)
      case .scaleMaps(let operand):
        asksForChannels = true
        return .scaleMaps(operand)
      case .scaleAndShiftChannels(let scale, let shift):
        asksForChannels = true
        return .scaleAndShiftChannels(scale, shift)
      case .scaleAndShiftByConstants(let scale, let shift):
        precondition(min(scale.count, shift.count) >= y.blocks * y.layout.lanes)
        asksForChannels = true
        constants += [scale, shift]
        return .scaleAndShiftByConstants(scale.base, shift.base)
      }
    }
    self.calls = Calls(calls, constants)
    cut = Cut(maps, asksForChannels: asksForChannels)
  }

  public func run(
    _ x: Span<Float>, _ a: Span<Float>? = nil, _ b: Span<Float>? = nil, _ c: Span<Float>? = nil, into y: inout MutableSpan<Float>,
    on processor: Processor
  ) {
    precondition(x.count == self.x.count && y.count == self.y.count)
    func address(_ span: Span<Float>?, _ operand: Int) -> UnsafePointer<Float>? {
      guard let span, operand < operandCount else { return nil }
      precondition(span.count == operands[operand].count, "operand \(operand) has \(span.count) floats, expected \(operands[operand].count)")
      return span.withUnsafeBufferPointer(\.baseAddress)
    }
    let addresses: InlineArray = [address(a, 0), address(b, 1), address(c, 2)]
    for operand in 0..<operandCount { precondition(addresses[operand] != nil || operands[operand].count == 0, "operand \(operand) is missing") }
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress, cut.runCount > 0 else { return }
        let run = Run(
          calls: calls.all, xMaps: self.x, yMaps: self.y, operandMaps: operands, cut: cut, kernels: processor.kernels, x: x, operands: addresses, y: y)
        let each = cut.chunksOfPiece
        withUnsafePointer(to: run) { run in
          processor.threads.forEach((cut.chunks + each - 1) / each, run) { run, _, piece in run.pointee.compute(piece: piece) }
        }
      }
    }
  }

  /// The chain with the memory it works on.
  private struct Run {
    let calls: UnsafeMutableBufferPointer<Call>
    let xMaps, yMaps: FeatureMaps
    let operandMaps: InlineArray<3, FeatureMaps>
    let cut: Cut
    let kernels: KernelTable
    let x: UnsafePointer<Float>
    let operands: InlineArray<3, UnsafePointer<Float>?>
    let y: UnsafeMutablePointer<Float>

    func compute(piece: Int) {
      let each = cut.chunksOfPiece, chunks = piece * each..<min(cut.chunks, (piece + 1) * each), chunksOfRun = cut.chunksOfRun
      var chunk = chunks.lowerBound % chunksOfRun, row = chunks.lowerBound / chunksOfRun % cut.rows, block = chunks.lowerBound / chunksOfRun / cut.rows
      for _ in chunks {
        let first = chunk * Cut.chunk
        compute(block: block, row: row, first: first, count: min(Cut.chunk, cut.runCount - first))
        chunk += 1
        if chunk == chunksOfRun { (chunk, row) = (0, row + 1) }
        if row == cut.rows {
          // What runs have put into the border goes again.
          kernels.clearBorder(yMaps, y + block * yMaps.blockStride)
          (row, block) = (0, block + 1)
        }
      }
    }

    private func compute(block: Int, row: Int, first: Int, count: Int) {
      func place(_ maps: FeatureMaps) -> Int { block * maps.blockStride + maps.origin + row * maps.rowStride + first }
      let target = y + place(yMaps), lanes = yMaps.layout.lanes, channels = block % yMaps.blocks * lanes
      var source = x + place(xMaps)
      if calls.isEmpty { kernels.copyFloats(source, target, count) }
      for call in calls {
        switch call {
        case .activate(let activation): kernels.activate(activation, 0, source, target, count)
        case .scaleAndShift(let scale, let shift): kernels.scaleAndShift(scale, shift, source, target, count)
        case .add(let operand): kernels.add(source, self[operand] + place(operandMaps[operand]), target, count)
        case .multiply(let operand): kernels.multiply(source, self[operand] + place(operandMaps[operand]), target, count)
        case .scaleMaps(let operand):
          let maps = operandMaps[operand]
          scaleAndShift(self[operand] + (block * maps.blockStride + maps.origin), nil, source, target, count)
        case .scaleAndShiftChannels(let scale, let shift): scaleAndShift(self[scale] + channels, self[shift] + channels, source, target, count)
        case .scaleAndShiftByConstants(let scale, let shift): scaleAndShift(scale + channels, shift + channels, source, target, count)
        }
        source = UnsafePointer(target)
      }
    }

    private subscript(operand: Int) -> UnsafePointer<Float> { operands[operand].unsafelyUnwrapped }

    private func scaleAndShift(
      _ scale: UnsafePointer<Float>, _ shift: UnsafePointer<Float>?, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
    ) {
      if yMaps.layout.lanes == 1 {
        kernels.scaleAndShift(scale[0], shift?[0] ?? 0, x, y, count)
      } else {
        kernels.scaleAndShiftLanes(scale, shift, x, y, count)
      }
    }
  }
}

extension ElementwiseChain: @unchecked Sendable {}  // the addresses are those of constants that it keeps
