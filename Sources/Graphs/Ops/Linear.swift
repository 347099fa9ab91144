import Kernels
import Tensors

/// y[n, o] = activation(b[o] + Σ_i w[o, i] · x[n, i])
///
/// A fully connected layer. Inputs: x [batch, inputs], w [outputs, inputs], and optionally b [outputs].
public struct Linear: Operation {
  /// Applied to the result where it is written.
  public var activation: Activation
  public init(activation: Activation = .linear) { self.activation = activation }
  public var name: String { "linear" }

  public func multiplyAdds(for site: Site) -> Int { site.output[0] * site.inputs[1].count }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...3)
    let x = inputs[0], w = inputs[1]
    guard x.rank == 2, w.rank == 2, x[1] == w[1] else {
      throw ShapeError("expected [batch, inputs] and [outputs, inputs] with the same number of inputs")
    }
    guard inputs.count == 2 || inputs[2] == [w[0]] else { throw ShapeError("expected a bias of \(w[0]) numbers, found \(inputs[2])") }
    return [x[0], w[0]]
  }

  public func prepare(at site: Site) -> KernelCall {
    let rows = site.output[0], processor = site.processor, hasBias = site.inputs.count > 2
    return KernelCall { inputs, output, _ in
      linear(
        inputs[0], weights: inputs[1], bias: hasBias ? inputs[2] : nil, activation: activation, rows: rows, into: &output, on: processor)
    }
  }
}
