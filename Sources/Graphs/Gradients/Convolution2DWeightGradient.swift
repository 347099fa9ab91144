import Kernels
import Tensors

/// dw[o, c, u, v] = Σ_n,i,j dy[n, o, i, j] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left]
///
/// The gradient of a ``Convolution2D`` by its weights. Inputs: x, dy.
struct Convolution2DWeightGradient: Operation {
  let convolution: Convolution2D
  /// The shape of w.
  let weights: Shape

  init(of convolution: Convolution2D, weights: Shape) {
    self.convolution = convolution
    self.weights = weights
  }

  var name: String { "convolution weight gradient" }

  func multiplyAdds(for site: Site) -> Int { problem(x: site.maps(ofInput: 0), dy: site.maps(ofInput: 1)).multiplyAdds }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    try inputs[0].expectFeatureMaps()
    let result = try convolution.shape(of: [inputs[0], weights]), dy = inputs[1]
    guard dy.rank == 4, dy.batch == result.batch, dy.channels == result.channels, dy.height <= result.height, dy.width <= result.width else {
      throw ShapeError("expected a gradient of \(result), found \(dy)")
    }
    return weights
  }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    let x = inputs[0]
    let border = problem(x: x.maps(in: .plain), dy: inputs[1].maps(in: .plain)).border
    return .fixed(
      inputs: [MapLayout(lanes: 2 * x.channels <= lanes ? 1 : lanes, border: border), MapLayout(lanes: lanes)], outputLanes: 1)
  }

  func scratchCount(for site: Site) -> Int { gradient(at: site).scratchCount(threadCount: site.processor.threads.threadCount) }

  func prepare(at site: Site) -> KernelCall {
    let gradient = gradient(at: site), processor = site.processor
    precondition(site.outputLayout.isPlain, "weights have no border")
    return KernelCall { inputs, output, scratch in
      var none = MutableSpan<Float>()
      gradient.run(inputs[0], inputs[1], into: &output, bias: &none, scratch: &scratch, on: processor)
    }
  }

  private func gradient(at site: Site) -> ConvolutionWeightGradient {
    ConvolutionWeightGradient(problem(x: site.maps(ofInput: 0), dy: site.maps(ofInput: 1)), kernels: site.processor.kernels)
  }

  private func problem(x: FeatureMaps, dy: FeatureMaps) -> ConvolutionProblem {
    ConvolutionProblem(
      input: x, output: dy, kernelHeight: weights[2], kernelWidth: weights[3], stride: convolution.stride, dilation: convolution.dilation,
      top: convolution.padding.top, left: convolution.padding.left, groups: convolution.groups)
  }
}

extension ConvolutionProblem {
  /// How wide a border the input must have.
  fileprivate var border: Int {
    Self.border(
      inputHeight: input.height, inputWidth: input.width, outputHeight: output.height, outputWidth: output.width, kernelHeight: kernelHeight,
      kernelWidth: kernelWidth, stride: stride, dilation: dilation, top: top, left: left)
  }
}
