import Kernels
import Tensors

/// y[n, o] = activation(b[o] + Σ_i w[o, i] · x[n, i])
///
/// A fully connected layer. Inputs: x [batch, inputs], w [outputs, inputs], and optionally b [outputs].
public struct FullyConnected: Operation {
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

  public func scratchCount(for site: Site) -> Int { product(at: site).scratchCount }

  public func prepare(at site: Site) -> KernelCall {
    let product = product(at: site), processor = site.processor, hasBias = site.inputs.count > 2
    // Few rows pass by the weights once: they are read where they lie, in a mapped file perhaps, which is as fast as memory is.
    guard let weights = site.constants[1], product.rows > 8, product.columns > 4 else {
      return KernelCall { inputs, output, scratch in
        product.run(
          inputs[0], inputs[1], bias: hasBias ? inputs[2] : nil, activation: activation, into: &output, scratch: &scratch, on: processor)
      }
    }
    let packed = PackedMatrix(weights.span, depth: product.depth, columns: product.columns, isTransposed: true, on: processor)
    return KernelCall { inputs, output, scratch in
      product.run(inputs[0], packed, bias: hasBias ? inputs[2] : nil, activation: activation, into: &output, scratch: &scratch, on: processor)
    }
  }

  private func product(at site: Site) -> MatrixProduct {
    MatrixProduct(
      rows: site.output[0], columns: site.output[1], depth: site.inputs[0][1], transposesB: true, kernels: site.processor.kernels)
  }
}

extension FullyConnected {
  /// dx = dy · w, dw = dyᵀ · x, db = Σ dy
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let gradient = try site.gradient(before: activation, of: FullyConnected(), in: &graph)
    return [
      site.isWanted[0] ? try graph.append(MatrixMultiply(), [gradient, site.inputs[1]]) : nil,
      site.isWanted[1] ? try graph.append(MatrixMultiply(transposesA: true), [gradient, site.inputs[0]]) : nil,
      site.isWanted.count > 2 && site.isWanted[2] ? try graph.append(Reduce(.sum, axes: [0]), [gradient]) : nil,
    ].prefix(site.inputs.count).map { $0 }
  }
}
