import Kernels
import Tensors

/// y[i] = exp(x[i] / t) / Σ_j exp(x[j] / t) along one axis: over all of it, or over `runs`, ranges of it, each normalised by itself.
///
/// Input: x of any shape that has the axis; the softmax is taken at each place of the other axes. One run over all channels is the plain softmax; equal
/// runs are Darknet's `groups`; the runs of a class tree make a hierarchical softmax. What lies outside all runs passes unchanged.
public struct Softmax: Operation {
  /// The axis, counted from the end if negative.
  public var axis: Int
  /// Nil for all of the axis.
  public var runs: [Range<Int>]?
  public var temperature: Float

  /// Over runs of channels, the second axis.
  public init(runs: [Range<Int>], temperature: Float = 1) {
    self.axis = 1
    self.runs = runs
    self.temperature = temperature
  }

  public init(axis: Int, temperature: Float = 1) {
    self.axis = axis
    self.temperature = temperature
  }

  public var name: String { "softmax" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0], axis = try x.axis(axis)
    for run in runs ?? [] where run.lowerBound < 0 || run.upperBound > x[axis] {
      throw ShapeError("places \(run) are not among \(x[axis])")
    }
    return x
  }

  public func prepare(at site: Site) -> KernelCall {
    let (outer, count, inner, runs) = extent(of: site.inputs[0]), processor = site.processor
    return KernelCall { inputs, output, _ in
      softmax(inputs[0], outer: outer, count: count, inner: inner, runs: runs, temperature: temperature, into: &output, on: processor)
    }
  }

  /// x as [outer, count, inner] with the axis in the middle, and the runs of it.
  func extent(of x: Shape) -> (outer: Int, count: Int, inner: Int, runs: [Range<Int>]) {
    let axis = axis < 0 ? axis + x.rank : axis
    return (x.count(of: 0..<axis), x[axis], x.count(of: axis + 1..<x.rank), runs ?? [0..<x[axis]])
  }
}

extension Shape {
  /// The position of an axis that may be counted from the end.
  func axis(_ axis: Int) throws(ShapeError) -> Int {
    let position = axis < 0 ? axis + rank : axis
    guard indices.contains(position) else { throw ShapeError("there is no axis \(axis) in \(self)") }
    return position
  }

  /// How many elements some axes have together.
  func count(of axes: Range<Int>) -> Int { axes.reduce(1) { $0 * self[$1] } }
}

extension Softmax {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.append(SoftmaxGradient(of: self), [site.result, site.gradient])]
  }
}
