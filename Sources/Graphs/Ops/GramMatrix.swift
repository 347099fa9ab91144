import Kernels
import Tensors

/// y[i, j] = Σ_h,w x[0, i, h, w] · x[0, j, h, w]: how alike two channels of feature maps are, over all pixels. Input: x [1, channels, height, width].
///
/// The same sums as those of a 1×1 convolution's gradient by its weights, and computed by that kernel, half of them: maps stay in their blocks of channels.
public struct GramMatrix: Operation {
  public init() {}

  public var name: String { "gram matrix" }

  public func multiplyAdds(for site: Site) -> Int { problem(at: site).multiplyAdds }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    try inputs[0].expectFeatureMaps()
    guard inputs[0].batch == 1 else { throw ShapeError("expected maps of one picture, found \(inputs[0].batch)") }
    return [inputs[0].channels, inputs[0].channels]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    .fixed(inputs: [MapLayout(lanes: lanes)], outputLanes: 1)
  }

  public func scratchCount(for site: Site) -> Int { gradient(at: site).scratchCount(threadCount: site.processor.threads.threadCount) }

  public func prepare(at site: Site) -> KernelCall {
    let gradient = gradient(at: site), processor = site.processor
    return KernelCall { inputs, output, scratch in
      var none = MutableSpan<Float>()
      gradient.run(inputs[0], inputs[0], into: &output, bias: &none, scratch: &scratch, on: processor)
    }
  }

  private func gradient(at site: Site) -> ConvolutionWeightGradient {
    ConvolutionWeightGradient(problem(at: site), isSymmetric: true, kernels: site.processor.kernels)
  }

  private func problem(at site: Site) -> ConvolutionProblem {
    let maps = site.maps(ofInput: 0)
    return ConvolutionProblem(input: maps, output: maps, kernelHeight: 1, kernelWidth: 1)
  }

  /// dx[i, h, w] = Σ_j (dy[i, j] + dy[j, i]) · x[j, h, w]: a 1×1 convolution.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let channels = graph[site.inputs[0]].shape.channels
    let sum = try graph.append(Add(), [site.gradient, try graph.append(Permute([1, 0]), [site.gradient])])
    let weights = try graph.reshaped(sum, [channels, channels, 1, 1])
    // With a bias, for then the convolution can take over the sum with the gradient from behind: see ``fusingResiduals()``.
    return [try graph.append(Convolution2D(), [site.inputs[0], weights, graph.constant("none", Tensor([channels]))])]
  }
}
