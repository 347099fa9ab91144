import Kernels
import Tensors

/// What a node of a ``Graph`` computes. An operation is one file under `Ops/`: its parameters, its shape rule, its kernel and its documentation.
///
/// Feature maps are `[batch, channels, height, width]`; matrices are `[rows, columns]`.
public protocol Operation: Sendable {
  /// The field's term for the operation, as listings and errors show it.
  var name: String { get }

  /// The shape of the result.
  ///
  /// - Throws: ``ShapeError`` when the operation cannot take inputs of these shapes.
  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape

  /// Which memory layouts the operation can work in, for inputs and a result of these shapes, on a processor whose vectors have `lanes` floats.
  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport

  /// How many floats of working memory the kernel needs beside its operands.
  func scratchCount(for site: Site) -> Int

  /// The kernel call that computes this operation at `site`: everything that depends only on shapes and constants is done here, once.
  func prepare(at site: Site) -> KernelCall

  /// Where in the result's memory each input belongs as it is, in floats from its beginning: the step that computes the input may then write it there. Nil
  /// where the input must be read, as all are by default.
  func places(ofInputs inputs: [FeatureMaps], in output: FeatureMaps) -> [Int?]

  /// How many pairs of a multiplication and an addition the formula has at `site`, for measurements: 0 where they are not what costs time.
  func multiplyAdds(for site: Site) -> Int

  /// The gradients of a number by each input, given the one by the result, as nodes that are appended to `graph`; nil where there is none or none is wanted.
  ///
  /// - Throws: ``ShapeError`` by default: the operations that passes make have no gradients, nor have gradients themselves.
  func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?]

  /// Whether the result is the first input's memory under another shape: nothing is computed.
  var isView: Bool { get }
}

extension Operation {
  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .plain }
  public func scratchCount(for site: Site) -> Int { 0 }
  public func places(ofInputs inputs: [FeatureMaps], in output: FeatureMaps) -> [Int?] { [] }
  public func multiplyAdds(for site: Site) -> Int { 0 }
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    throw ShapeError("there is no rule for its gradient")
  }
  public var isView: Bool { false }
}

/// Shapes that an operation cannot take.
public struct ShapeError: Error, CustomStringConvertible {
  /// What was expected and what was found.
  public let problem: String
  public private(set) var operation = ""
  public private(set) var node = ""
  public private(set) var inputs: [Shape] = []

  public init(_ problem: String) { self.problem = problem }

  func located(in operation: String, node: String, inputs: [Shape]) -> ShapeError {
    var error = self
    error.operation = operation
    error.node = node
    error.inputs = inputs
    return error
  }

  public var description: String {
    let place = node.isEmpty ? operation : "\(operation) “\(node)”"
    return "\(place) of \(inputs.map(\.description).joined(separator: ", ")): \(problem)"
  }
}

extension Collection<Shape> {
  /// Checks that there are `counts` inputs.
  func expectCount(_ counts: ClosedRange<Int>) throws(ShapeError) {
    guard counts.contains(count) else {
      let expected = counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
      throw ShapeError("takes \(expected) inputs, found \(count)")
    }
  }
}

extension Shape {
  /// Checks that this is the shape of feature maps.
  func expectFeatureMaps() throws(ShapeError) {
    guard rank == 4 else { throw ShapeError("expected [batch, channels, height, width], found \(self)") }
  }

  package var batch: Int { self[0] }
  package var channels: Int { self[1] }
  package var height: Int { self[2] }
  package var width: Int { self[3] }
}
