import Kernels
import Tensors

/// y = Σ x, the mean, the largest or the smallest element over some axes; NaN if one is NaN. Input: x of any shape.
public struct Reduce: Operation {
  public var kind: Reduction
  /// The axes that are reduced, counted from the end if negative.
  public var axes: [Int]
  /// Whether reduced axes stay with a size of 1.
  public var keepsAxes: Bool

  public init(_ kind: Reduction, axes: [Int], keepsAxes: Bool = false) {
    self.kind = kind
    self.axes = axes
    self.keepsAxes = keepsAxes
  }

  public var name: String { "\(kind)" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    var reduced: Set<Int> = []
    for axis in axes { reduced.insert(try inputs[0].axis(axis)) }
    guard reduced.count == axes.count else { throw ShapeError("an axis is named twice in \(axes)") }
    return Shape(inputs[0].indices.compactMap { !reduced.contains($0) ? inputs[0][$0] : keepsAxes ? 1 : nil })
  }

  public func scratchCount(for site: Site) -> Int { stages(of: site.inputs[0]).scratchCount }

  public func prepare(at site: Site) -> KernelCall {
    let stages = stages(of: site.inputs[0]), kind = kind, processor = site.processor
    return KernelCall { inputs, output, scratch in reduce(kind, inputs[0], by: stages, into: &output, scratch: &scratch, on: processor) }
  }

  /// One reduction for each run of neighbouring axes, the last axes first.
  private func stages(of x: Shape) -> [ReductionPlan] {
    let reduced = Set(axes.map { $0 < 0 ? $0 + x.rank : $0 })
    var stages: [ReductionPlan] = [], inner = 1, end = x.rank
    while end > 0 {
      var start = end - 1
      while start > 0, reduced.contains(start - 1) == reduced.contains(end - 1) { start -= 1 }
      let count = x.count(of: start..<end)
      if reduced.contains(end - 1) {
        stages.append(ReductionPlan(outer: x.count(of: 0..<start), count: count, inner: inner))
      } else {
        inner *= count
      }
      end = start
    }
    return stages
  }
}

extension Reduce {
  /// Each element has the gradient of its sum; of extremes, those that are equal to the extreme.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape, reduced = Set(axes.map { $0 < 0 ? $0 + x.rank : $0 })
    let kept = Shape(x.indices.map { reduced.contains($0) ? 1 : x[$0] })
    let gradient = try graph.append(Broadcast(x), [try graph.reshaped(site.gradient, kept)])
    switch kind {
    case .sum: return [gradient]
    case .mean: return [try graph.scaled(gradient, by: Float(kept.count) / Float(x.count))]
    case .max, .min:
      let extreme = try graph.append(Broadcast(x), [try graph.reshaped(site.result, kept)])
      return [try graph.append(Multiply(), [gradient, try graph.append(Equal(), [site.inputs[0], extreme])])]
    }
  }
}
