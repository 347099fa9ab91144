/// One step backwards through a recurrent layer for a batch: see ``gruGradientStep(_:_:panel:)`` and ``lstmGradientStep(_:_:panel:)``.
///
/// The gradient of the state before a step is Σ over the gates of d_gate · W_h, plus what passes by the gates. The product is taken when the step before is
/// reached, whose gates need it: so a step has one point where threads wait for each other.
@frozen public struct RecurrentGradientStep {
  public var units, paddedUnits: Int
  /// How the items of the batch are cut into rows of tiles.
  public var panels: RowPanels
  /// The gradients of the gates of the step after, and those that this step finds: for each panel of rows [gates][units in vectors][rows][V].
  public var state: UnsafePointer<Float>
  public var nextState: UnsafeMutablePointer<Float>
  /// [panel of units][gate][units, filled up to vectors][2 V]
  public var weights: UnsafePointer<Float>
  /// What the step forward saved of each item, every `savedStep` floats.
  public var saved: UnsafePointer<Float>
  public var savedStep: Int
  /// The gradient of what it put out, every `outputStep` floats; nil for none: then only the state's gradient is completed, into `carry`.
  public var output: UnsafePointer<Float>?
  public var outputStep: Int
  /// The gradients of the gates of each item, every `gradientsStep` floats.
  public var gradients: UnsafeMutablePointer<Float>
  public var gradientsStep: Int
  /// The gradient that passes by the gates to the state, and that of an LSTM's cells, [items][paddedUnits].
  public var carry, cells: UnsafeMutablePointer<Float>
  public var lengths: UnsafePointer<Float>?
  public var time: Float

  public init(
    units: Int, paddedUnits: Int, panels: RowPanels, state: UnsafePointer<Float>, nextState: UnsafeMutablePointer<Float>,
    weights: UnsafePointer<Float>, saved: UnsafePointer<Float>, savedStep: Int, output: UnsafePointer<Float>?, outputStep: Int,
    gradients: UnsafeMutablePointer<Float>, gradientsStep: Int, carry: UnsafeMutablePointer<Float>, cells: UnsafeMutablePointer<Float>,
    lengths: UnsafePointer<Float>?, time: Float
  ) {
    self.units = units
    self.paddedUnits = paddedUnits
    self.panels = panels
    self.state = state
    self.nextState = nextState
    self.weights = weights
    self.saved = saved
    self.savedStep = savedStep
    self.output = output
    self.outputStep = outputStep
    self.gradients = gradients
    self.gradientsStep = gradientsStep
    self.carry = carry
    self.cells = cells
    self.lengths = lengths
    self.time = time
  }

  /// Calls `body` for each vector of units of each item of a panel of units with the item, the first unit, how many units there are, where the vector lies in
  /// the first gate's packed gradients, how far the next gate's lies, and the gradient of the state after the step. An item that has ended is done here: its
  /// gates have `rowGates` lines of gradients, all zeros.
  @inlinable @inline(__always)
  func forEachVector<V: Lanes, let gates: Int>(
    _: V.Type, _ count: InlineArray<gates, Bool>.Type, panel: Int, rowGates: Int,
    _ body: (_ item: Int, _ unit: Int, _ count: Int, _ place: Int, _ step: Int, _ gradient: V) -> Void
  ) {
    let width = 2 &* V.count, vectors = (units &+ V.count &- 1) / V.count, depth = vectors &* V.count
    var zeros = InlineArray<2, V>(repeating: V.zero)
    var buffer = InlineArray<28, V>(repeating: V.zero)  // fourteen rows, or three of four gates, of two vectors
    withUnsafeMutablePointer(to: &zeros) { zeros in
      withUnsafeMutablePointer(to: &buffer) { buffer in
        let zeros = UnsafePointer(UnsafeMutableRawPointer(zeros).assumingMemoryBound(to: Float.self))
        let sums = UnsafeMutableRawPointer(buffer).assumingMemoryBound(to: Float.self)
        var firstRow = 0
        for rowPanel in 0..<panels.count {
          let rows = panels.height(of: rowPanel), base = firstRow &* gates &* depth, gateStep = rows &* depth
          let weights = weights + panel &* gates &* depth &* width
          let isFew = rows <= (V.tileRows > 6 ? 3 : 1)
          if isFew {
            gateSums(
              V.self, count, rows: rows, depth: depth, state + base, aGateStep: gateStep, weights, bGateStep: depth &* width, start: zeros,
              startStep: 0, into: sums)
          } else {
            matrixTile(
              V.self, rows: rows, segments: gates &* vectors, tail: 0, state + base, weights, bStride: width, start: zeros, startStride: 0, sums,
              cStride: width, next: zeros, ahead: zeros)
          }
          for r in 0..<rows {
            let item = firstRow &+ r, isOver = lengths.map { time >= $0[item] } ?? false
            for half in 0..<2 {
              let vector = 2 &* panel &+ half, unit = vector &* V.count, left = units &- unit
              if left <= 0 { break }
              let line = carry + (item &* paddedUnits &+ unit), sum = sums + (r &* width &+ half &* V.count)
              var gradient = V.load(line) + V.load(sum)
              if isFew { for g in 1..<gates { gradient = gradient + V.load(sum + g &* rows &* width) } }
              guard let output else {
                gradient.store(line)
                continue
              }
              let place = base &+ (vector &* rows &+ r) &* V.count
              if isOver {
                gradient.store(line)
                for g in 0..<gates { V.zero.store(nextState + (place &+ g &* gateStep)) }
                for g in 0..<rowGates { V.zero.store(gradients + (item &* gradientsStep &+ g &* units &+ unit), upTo: left) }
              } else {
                body(item, unit, left, place, gateStep, gradient + V.load(output + (item &* outputStep &+ unit), upTo: left))
              }
            }
          }
          firstRow &+= rows
        }
      }
    }
  }
}

/// The gradients of ``gruStep(_:_:panel:)``: with d the gradient of h′,
/// d_n = d · (1 − z) · (1 − n²), d_z = d · (h − n) · z · (1 − z), d_s = d_n · r, d_r = d_n · s_n · r · (1 − r); d · z passes by the gates.
///
/// Rows of gradients are [d_r | d_z | d_n | d_s]: the first three belong to the input's weights, all but the third to the recurrent ones.
@inlinable @inline(__always)
public func gruGradientStep<V: Lanes>(_: V.Type, _ s: RecurrentGradientStep, panel: Int) {
  let units = s.units, one = V(repeating: 1)
  s.forEachVector(V.self, InlineArray<3, Bool>.self, panel: panel, rowGates: 4) { item, unit, count, place, step, gradient in
    let saved = s.saved + (item &* s.savedStep &+ unit), target = s.gradients + (item &* s.gradientsStep &+ unit)
    let reset = V.load(saved, upTo: count), update = V.load(saved + units, upTo: count), candidate = V.load(saved + 2 &* units, upTo: count)
    let product = V.load(saved + 3 &* units, upTo: count), old = V.load(saved + 4 &* units, upTo: count)
    let ofCandidate = gradient * (one - update) * (one - candidate * candidate)
    let ofUpdate = gradient * (old - candidate) * (update * (one - update))
    let ofProduct = ofCandidate * reset
    let ofReset = ofProduct * product * (one - reset)
    (gradient * update).store(s.carry + (item &* s.paddedUnits &+ unit))
    ofReset.store(s.nextState + place)
    ofUpdate.store(s.nextState + (place &+ step))
    ofProduct.store(s.nextState + (place &+ 2 &* step))
    ofReset.store(target, upTo: count)
    ofUpdate.store(target + units, upTo: count)
    ofCandidate.store(target + 2 &* units, upTo: count)
    ofProduct.store(target + 3 &* units, upTo: count)
  }
}

/// The gradients of ``lstmStep(_:_:panel:)``: with d the gradient of h′ and d_c that of c′ so far, d_c += d · o · (1 − tanh² c′),
/// d_i = d_c · g · i · (1 − i), d_f = d_c · c · f · (1 − f), d_g = d_c · i · (1 − g²), d_o = d · tanh c′ · o · (1 − o); d_c · f goes to the cell before.
///
/// Rows of gradients are [d_i | d_f | d_g | d_o].
@inlinable @inline(__always)
public func lstmGradientStep<V: Lanes>(_: V.Type, _ s: RecurrentGradientStep, panel: Int) {
  let units = s.units, one = V(repeating: 1)
  s.forEachVector(V.self, InlineArray<4, Bool>.self, panel: panel, rowGates: 4) { item, unit, count, place, step, gradient in
    let saved = s.saved + (item &* s.savedStep &+ unit), target = s.gradients + (item &* s.gradientsStep &+ unit)
    let cell = s.cells + (item &* s.paddedUnits &+ unit)
    let input = V.load(saved, upTo: count), forget = V.load(saved + units, upTo: count), candidate = V.load(saved + 2 &* units, upTo: count)
    let outputGate = V.load(saved + 3 &* units, upTo: count), bounded = V.load(saved + 4 &* units, upTo: count)
    let old = V.load(saved + 5 &* units, upTo: count)
    let ofCell = V.multiplyAdd(gradient * outputGate, one - bounded * bounded, V.load(cell))
    let ofInput = ofCell * candidate * (input * (one - input))
    let ofForget = ofCell * old * (forget * (one - forget))
    let ofCandidate = ofCell * input * (one - candidate * candidate)
    let ofOutput = gradient * bounded * (outputGate * (one - outputGate))
    (ofCell * forget).store(cell)
    V.zero.store(s.carry + (item &* s.paddedUnits &+ unit))
    ofInput.store(s.nextState + place)
    ofForget.store(s.nextState + (place &+ step))
    ofCandidate.store(s.nextState + (place &+ 2 &* step))
    ofOutput.store(s.nextState + (place &+ 3 &* step))
    ofInput.store(target, upTo: count)
    ofForget.store(target + units, upTo: count)
    ofCandidate.store(target + 2 &* units, upTo: count)
    ofOutput.store(target + 3 &* units, upTo: count)
  }
}
