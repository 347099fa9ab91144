import Kernels
import Tensors

/// dx[n, c, a, b] = Σ_o,u,v w[o, c, u, v] · dy[n, o, i, j] over all i·stride + u·dilation − top = a, j·stride + v·dilation − left = b
///
/// The gradient of a ``Convolution2D`` by x. Inputs: dy, w.
struct Convolution2DDataGradient: Operation {
  let convolution: Convolution2D
  /// The shape of x.
  let input: Shape

  init(of convolution: Convolution2D, input: Shape) {
    self.convolution = convolution
    self.input = input
  }

  var name: String { "convolution data gradient" }

  func multiplyAdds(for site: Site) -> Int { problem(at: site).multiplyAdds }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    let result = try convolution.shape(of: [input, inputs[1]])
    guard inputs[0] == result else { throw ShapeError("expected a gradient of \(result), found \(inputs[0])") }
    return input
  }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    let problem = problem(weights: inputs[1], dx: input.maps(in: MapLayout(lanes: lanes)), dy: inputs[0].maps(in: MapLayout(lanes: lanes)))
    return .fixed(inputs: [MapLayout(lanes: lanes, border: ConvolutionDataGradient.border(of: problem)), .plain], outputLanes: lanes)
  }

  func scratchCount(for site: Site) -> Int {
    gradient(at: site).scratchCount(threadCount: site.processor.threads.threadCount, isPacking: site.constants[1] == nil)
  }

  func prepare(at site: Site) -> KernelCall {
    let gradient = gradient(at: site), processor = site.processor
    guard let weights = site.constants[1] else {
      return KernelCall { inputs, output, scratch in
        gradient.run(inputs[0], packing: inputs[1], into: &output, scratch: &scratch, on: processor)
      }
    }
    let convolution = TransposedConvolution(gradient, weights: weights.span, bias: nil, on: processor)
    return KernelCall { inputs, output, scratch in convolution.run(inputs[0], into: &output, scratch: &scratch, on: processor) }
  }

  private func gradient(at site: Site) -> ConvolutionDataGradient {
    let problem = problem(at: site), kernels = site.processor.kernels
    let algorithms = ConvolutionDataGradient.algorithms(
      for: problem, on: kernels, isThorough: site.preparation.isThorough, allowsLargeTiles: site.preparation.allowsLargeTiles)
    return ConvolutionDataGradient(problem, algorithm: algorithms[0], kernels: kernels)
  }

  private func problem(at site: Site) -> ConvolutionProblem { problem(weights: site.inputs[1], dx: site.outputMaps, dy: site.maps(ofInput: 0)) }

  private func problem(weights: Shape, dx: FeatureMaps, dy: FeatureMaps) -> ConvolutionProblem {
    ConvolutionProblem(
      input: dx, output: dy, kernelHeight: weights[2], kernelWidth: weights[3], stride: convolution.stride, dilation: convolution.dilation,
      top: convolution.padding.top, left: convolution.padding.left, groups: convolution.groups)
  }
}
