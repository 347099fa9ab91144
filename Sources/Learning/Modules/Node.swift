public import Graphs
public import Kernels
public import Tensors

/// A value of a graph that is being recorded.
///
/// Operators work element by element on values of one shape. A number stands for a value that is everywhere that number.
public struct Node {
  public let recorder: Recorder
  public let index: Graph.Index

  init(_ recorder: Recorder, _ index: Graph.Index) {
    self.recorder = recorder
    self.index = index
  }

  public var shape: Shape { recorder.graph[index].shape }

  /// The result of an operation on this value, and others after it.
  public func applying(_ operation: some Graphs.Operation, _ others: Node..., name: String = "") -> Node {
    recorder.append(operation, [self] + others, name: name)
  }

  public func activated(_ activation: Activation) -> Node { activation == .linear ? self : applying(Activate(activation)) }

  /// The same numbers under another shape.
  public func reshaped(_ shape: Shape) -> Node { shape == self.shape ? self : applying(Reshape(shape)) }

  /// [batch, …] as [batch, numbers of an item].
  public var flattened: Node { reshaped([shape[0], shape.count / Swift.max(1, shape[0])]) }

  public func permuted(_ axes: [Int]) -> Node { applying(Permute(axes)) }

  public func slice(axis: Int, _ range: Range<Int>) -> Node { applying(Slice(axis: axis, range)) }

  /// Axes of one place repeated.
  public func broadcast(to shape: Shape) -> Node { shape == self.shape ? self : applying(Broadcast(shape)) }

  public func sum(over axes: [Int]? = nil, keepsAxes: Bool = false) -> Node { reduced(.sum, axes, keepsAxes) }
  public func mean(over axes: [Int]? = nil, keepsAxes: Bool = false) -> Node { reduced(.mean, axes, keepsAxes) }
  public func max(over axes: [Int]? = nil, keepsAxes: Bool = false) -> Node { reduced(.max, axes, keepsAxes) }

  private func reduced(_ kind: Reduction, _ axes: [Int]?, _ keepsAxes: Bool) -> Node {
    applying(Reduce(kind, axes: axes ?? Array(shape.indices), keepsAxes: keepsAxes))
  }

  public func softmax(axis: Int = -1) -> Node { applying(Softmax(axis: axis)) }

  public static func + (a: Node, b: Node) -> Node { a.applying(Add(), b) }
  public static func - (a: Node, b: Node) -> Node { a + -b }
  public static func * (a: Node, b: Node) -> Node { a.applying(Multiply(), b) }
  public static func / (a: Node, b: Node) -> Node { a * b.applying(Elementary(.reciprocal)) }
  public static prefix func - (a: Node) -> Node { a * -1 }
  public static func + (a: Node, b: Float) -> Node { a.applying(Affine(scale: 1, shift: b)) }
  public static func - (a: Node, b: Float) -> Node { a + -b }
  public static func - (a: Float, b: Node) -> Node { b.applying(Affine(scale: -1, shift: a)) }
  public static func * (a: Node, b: Float) -> Node { a.applying(Affine(scale: b, shift: 0)) }
  public static func * (a: Float, b: Node) -> Node { b * a }
  public static func / (a: Node, b: Float) -> Node { a * (1 / b) }
}

public func relu(_ x: Node) -> Node { x.activated(.relu) }
public func sigmoid(_ x: Node) -> Node { x.activated(.logistic) }
public func tanh(_ x: Node) -> Node { x.activated(.tanh) }
public func exp(_ x: Node) -> Node { x.applying(Elementary(.exponential)) }
public func log(_ x: Node) -> Node { x.applying(Elementary(.logarithm)) }
public func sqrt(_ x: Node) -> Node { x.applying(Elementary(.squareRoot)) }
public func abs(_ x: Node) -> Node { x.applying(Elementary(.magnitude)) }
public func square(_ x: Node) -> Node { x.applying(Elementary(.square)) }

/// Values one after the other along an axis.
public func concatenated(_ values: [Node], axis: Int) -> Node {
  let isChannels = axis == 1 && values.allSatisfy { $0.shape.rank == 4 }
  return isChannels
    ? values[0].recorder.append(ConcatenateChannels(), values) : values[0].recorder.append(Concatenate(axis: axis), values)
}

/// a · b, of matrices or batches of them.
public func matrixProduct(_ a: Node, _ b: Node, transposesA: Bool = false, transposesB: Bool = false) -> Node {
  a.applying(MatrixMultiply(transposesA: transposesA, transposesB: transposesB), b)
}
