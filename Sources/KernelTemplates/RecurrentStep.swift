/// One step of a recurrent layer for a batch: see ``gruStep(_:_:panel:)`` and ``lstmStep(_:_:panel:)``.
///
/// Units are cut into panels of two vectors, each computed by itself from the state before. Lines of numbers a unit are as long as the panels, `paddedUnits`.
@frozen public struct RecurrentStep {
  public var units, paddedUnits: Int
  /// How the items of the batch are cut into rows of tiles.
  public var panels: RowPanels
  /// The state before and after: for each panel of rows [units in vectors][rows][V].
  public var state: UnsafePointer<Float>
  public var nextState: UnsafeMutablePointer<Float>
  /// [panel of units][gate][units][2 V], and the recurrent bias [gate][paddedUnits].
  public var weights, bias: UnsafePointer<Float>
  /// What the input adds to the gates of each item, [gates · units] every `gatesStep` floats; saves what the gradient needs there, if `isSaving`.
  public var gates: UnsafeMutablePointer<Float>
  public var gatesStep: Int
  public var isSaving: Bool
  /// [units] every `outputStep` floats.
  public var output: UnsafeMutablePointer<Float>
  public var outputStep: Int
  /// The cells of an LSTM, [items][paddedUnits].
  public var cells: UnsafeMutablePointer<Float>
  /// How many steps each item has, nil if all have all, and which step this is: an item that has ended keeps its state and puts out zeros.
  public var lengths: UnsafePointer<Float>?
  public var time: Float

  public init(
    units: Int, paddedUnits: Int, panels: RowPanels, state: UnsafePointer<Float>, nextState: UnsafeMutablePointer<Float>,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, gates: UnsafeMutablePointer<Float>, gatesStep: Int, isSaving: Bool,
    output: UnsafeMutablePointer<Float>, outputStep: Int, cells: UnsafeMutablePointer<Float>, lengths: UnsafePointer<Float>?, time: Float
  ) {
    self.units = units
    self.paddedUnits = paddedUnits
    self.panels = panels
    self.state = state
    self.nextState = nextState
    self.weights = weights
    self.bias = bias
    self.gates = gates
    self.gatesStep = gatesStep
    self.isSaving = isSaving
    self.output = output
    self.outputStep = outputStep
    self.cells = cells
    self.lengths = lengths
    self.time = time
  }

  /// Calls `body` for each vector of units of each item of a panel of units, once the sums of the gates are taken: with the item, the first unit, how many units
  /// there are, where the vector lies in the packed state, the state before, and the sums, one gate every `step` floats. An item that has ended is done here.
  @inlinable @inline(__always)
  func forEachVector<V: Lanes, let gates: Int>(
    _: V.Type, _ count: InlineArray<gates, Bool>.Type, panel: Int, savedLines: Int,
    _ body: (_ item: Int, _ unit: Int, _ count: Int, _ place: Int, _ old: V, _ sums: UnsafePointer<Float>, _ step: Int) -> Void
  ) {
    let width = 2 &* V.count, vectors = (units &+ V.count &- 1) / V.count
    let gateCount = units &* width
    var buffer = InlineArray<112, V>(repeating: V.zero)  // four gates, fourteen rows, two vectors
    withUnsafeMutablePointer(to: &buffer) { buffer in
      let sums = UnsafeMutableRawPointer(buffer).assumingMemoryBound(to: Float.self)
      var firstRow = 0
      for rowPanel in 0..<panels.count {
        let rows = panels.height(of: rowPanel), base = firstRow &* vectors &* V.count
        // What the gates read and write comes while the sums are taken: items lie far apart.
        for r in 0..<rows {
          let address = UnsafePointer(self.gates) + ((firstRow &+ r) &* gatesStep &+ panel &* width)
          for line in 0..<(isSaving ? savedLines : gates) {
            V.prefetch(address + line &* units)
            V.prefetch(address + (line &* units &+ V.count))
          }
        }
        gateSums(
          V.self, count, rows: rows, depth: units, state + base, aGateStep: 0, weights + panel &* gates &* gateCount, bGateStep: gateCount,
          start: bias + panel &* width, startStep: paddedUnits, into: sums)
        for r in 0..<rows {
          let item = firstRow &+ r, isOver = lengths.map { time >= $0[item] } ?? false
          for half in 0..<2 {
            let vector = 2 &* panel &+ half, unit = vector &* V.count, left = units &- unit
            if left <= 0 { break }
            let place = base &+ (vector &* rows &+ r) &* V.count
            let old = V.load(state + place)
            if isSaving { old.store(self.gates + (item &* gatesStep &+ (savedLines &- 1) &* units &+ unit), upTo: left) }
            if isOver {
              old.store(nextState + place)
              V.zero.store(output + (item &* outputStep &+ unit), upTo: left)
            } else {
              body(item, unit, left, place, old, UnsafePointer(sums + (r &* width &+ half &* V.count)), rows &* width)
            }
          }
        }
        firstRow &+= rows
      }
    }
  }
}

/// r = σ(x_r + s_r), z = σ(x_z + s_z), n = tanh(x_n + r · s_n), h′ = n + z · (h − n), where s = W_h · h + b_h and x is what the input adds: a gated recurrent
/// unit (Cho et al. 2014) in the form whose reset gate acts on the product, as PyTorch, cuDNN and Keras (`reset_after`) have it.
///
/// Saved are [r | z | n | s_n | h].
@inlinable @inline(__always)
public func gruStep<V: Lanes>(_: V.Type, _ s: RecurrentStep, panel: Int) {
  let units = s.units
  s.forEachVector(V.self, InlineArray<3, Bool>.self, panel: panel, savedLines: 5) { item, unit, count, place, old, sums, step in
    let gates = s.gates + (item &* s.gatesStep &+ unit)
    let reset = logisticFunction(V.load(gates, upTo: count) + V.load(sums))
    let update = logisticFunction(V.load(gates + units, upTo: count) + V.load(sums + step))
    let product = V.load(sums + 2 &* step)
    let candidate = hyperbolicTangent(V.multiplyAdd(reset, product, V.load(gates + 2 &* units, upTo: count)))
    let new = V.multiplyAdd(update, old - candidate, candidate)
    new.store(s.nextState + place)
    new.store(s.output + (item &* s.outputStep &+ unit), upTo: count)
    guard s.isSaving else { return }
    reset.store(gates, upTo: count)
    update.store(gates + units, upTo: count)
    candidate.store(gates + 2 &* units, upTo: count)
    product.store(gates + 3 &* units, upTo: count)
  }
}

/// i, f, o = σ(x + s) and g = tanh(x + s) of their gates, c′ = f · c + i · g, h′ = o · tanh c′, where s = W_h · h + b_h and x is what the input adds: long
/// short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000). Gates lie in the order i, f, g, o.
///
/// Saved are [i | f | g | o | tanh c′ | c | h].
@inlinable @inline(__always)
public func lstmStep<V: Lanes>(_: V.Type, _ s: RecurrentStep, panel: Int) {
  let units = s.units
  s.forEachVector(V.self, InlineArray<4, Bool>.self, panel: panel, savedLines: 7) { item, unit, count, place, _, sums, step in
    let gates = s.gates + (item &* s.gatesStep &+ unit), cell = s.cells + (item &* s.paddedUnits &+ unit)
    let input = logisticFunction(V.load(gates, upTo: count) + V.load(sums))
    let forget = logisticFunction(V.load(gates + units, upTo: count) + V.load(sums + step))
    let candidate = hyperbolicTangent(V.load(gates + 2 &* units, upTo: count) + V.load(sums + 2 &* step))
    let outputGate = logisticFunction(V.load(gates + 3 &* units, upTo: count) + V.load(sums + 3 &* step))
    let old = V.load(cell), new = V.multiplyAdd(forget, old, input * candidate)
    let bounded = hyperbolicTangent(new), hidden = outputGate * bounded
    new.store(cell)
    hidden.store(s.nextState + place)
    hidden.store(s.output + (item &* s.outputStep &+ unit), upTo: count)
    guard s.isSaving else { return }
    input.store(gates, upTo: count)
    forget.store(gates + units, upTo: count)
    candidate.store(gates + 2 &* units, upTo: count)
    outputGate.store(gates + 3 &* units, upTo: count)
    bounded.store(gates + 4 &* units, upTo: count)
    old.store(gates + 5 &* units, upTo: count)
  }
}
