import Kernels
import Tensors

/// y = f(x), element by element, with f one of ``ElementaryFunction``. Input: x of any shape.
public struct Elementary: Operation {
  public var function: ElementaryFunction
  public init(_ function: ElementaryFunction) { self.function = function }

  public var name: String { "\(function)" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    return inputs[0]
  }

  public func prepare(at site: Site) -> KernelCall {
    let function = function, processor = site.processor
    return KernelCall { inputs, output, _ in elementary(function, inputs[0], into: &output, on: processor) }
  }

  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = site.inputs[0], y = site.result
    let derivative: Graph.Index
    switch function {
    case .exponential: derivative = y
    case .logarithm: derivative = try graph.append(Elementary(.reciprocal), [x])
    case .squareRoot: derivative = try graph.scaled(try graph.append(Elementary(.reciprocal), [y]), by: 0.5)
    case .reciprocal: derivative = try graph.scaled(try graph.append(Elementary(.square), [y]), by: -1)
    case .magnitude: derivative = try graph.append(Elementary(.sign), [x])
    case .square: derivative = try graph.scaled(x, by: 2)
    case .sign, .isPositive: return [nil]  // steps: 0 wherever there is a derivative
    }
    return [try graph.append(Multiply(), [site.gradient, derivative])]
  }
}
