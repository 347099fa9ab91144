import Kernels
import Tensors

/// y = all inputs one after the other along one axis. Inputs: tensors that differ along that axis alone. For feature maps see ``ConcatenateChannels``.
public struct Concatenate: Operation {
  /// The axis, counted from the end if negative.
  public var axis: Int
  public init(axis: Int) { self.axis = axis }

  public var name: String { "concatenate" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard var shape = inputs.first else { throw ShapeError("takes at least one input") }
    let axis = try shape.axis(axis)
    for input in inputs.dropFirst() {
      guard input.rank == shape.rank, shape.indices.allSatisfy({ $0 == axis || input[$0] == shape[$0] }) else {
        throw ShapeError("inputs may differ along axis \(axis) alone")
      }
      shape[axis] += input[axis]
    }
    return shape
  }

  public func prepare(at site: Site) -> KernelCall {
    let strides = site.output.strides, axis = axis < 0 ? axis + site.output.rank : axis, processor = site.processor
    var first = 0, copies: [StridedCopy] = []
    for input in site.inputs {
      copies.append(
        StridedCopy(sizes: input.indices.map { input[$0] }, xStrides: input.strides, yStart: first * strides[axis], yStrides: strides))
      first += input[axis]
    }
    let all = copies
    return KernelCall { inputs, output, _ in for (index, copy) in all.enumerated() { copy.run(inputs[index], into: &output, on: processor) } }
  }

  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    var first = 0, gradients: [Graph.Index?] = []
    for (input, isWanted) in zip(site.inputs, site.isWanted) {
      let count = graph[input].shape[axis]
      gradients.append(isWanted ? try graph.append(Slice(axis: axis, first..<first + count), [site.gradient]) : nil)
      first += count
    }
    return gradients
  }
}
