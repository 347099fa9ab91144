import Kernels
import Tensors

/// y[n, o, a, b] = activation(bias[o] + Σ_c,u,v w[c, o, u, v] · x[n, c, i, j]) over all i, j, u, v with i·stride + u·dilation − top = a,
/// j·stride + v·dilation − left = b
///
/// The transpose of a convolution with the same weights, which spreads each pixel over a window of the result. Inputs: x [batch, channels, height, width],
/// w [channels, outputs / groups, kernel height, kernel width], and optionally a bias [outputs]. The result has
/// (height − 1)·stride + dilation·(kernel height − 1) + 1 + output padding rows, less the padding; columns likewise.
public struct ConvolutionTranspose2D: Operation {
  public var stride: Int
  /// Rows and columns that are left away on each side.
  public var padding: Padding
  /// Rows below and columns to the right that are added: less than the stride or the dilation.
  public var outputPadding: Int
  public var dilation: Int
  public var groups: Int
  /// Applied to the result where it is written; see the pass ``Graph/fusingActivations()``.
  public var activation: Activation

  public init(
    stride: Int = 1, padding: Padding = .none, outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1, activation: Activation = .linear
  ) {
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
    self.activation = activation
  }

  public var name: String { "transposed convolution" }

  public func multiplyAdds(for site: Site) -> Int { problem(at: site).multiplyAdds }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...3)
    let x = inputs[0], w = inputs[1]
    try x.expectFeatureMaps()
    guard w.rank == 4 else { throw ShapeError("expected weights of [channels, outputs, height, width], found \(w)") }
    guard groups > 0, x.channels % groups == 0 else { throw ShapeError("\(x.channels) channels cannot be cut into \(groups) groups") }
    guard w[0] == x.channels else { throw ShapeError("expected weights for \(x.channels) channels, found \(w[0])") }
    let outputs = w[1] * groups
    guard inputs.count == 2 || inputs[2] == [outputs] else { throw ShapeError("expected a bias of \(outputs) numbers, found \(inputs[2])") }
    guard outputPadding >= 0, outputPadding == 0 || outputPadding < max(stride, dilation) else {
      throw ShapeError("expected an output padding less than the stride or the dilation, found \(outputPadding)")
    }
    return [
      x.batch, outputs, try size(spreading: x.height, window: w[2], padding: padding.top + padding.bottom),
      try size(spreading: x.width, window: w[3], padding: padding.left + padding.right),
    ]
  }

  private func size(spreading size: Int, window: Int, padding: Int) throws(ShapeError) -> Int {
    let sensible = 1...1 << 24
    guard sensible.contains(stride), sensible.contains(window), sensible.contains(dilation), (0...1 << 24).contains(padding) else {
      throw ShapeError(
        "window, stride and dilation must be positive, padding not negative, none above \(1 << 24), found \(window), \(stride), \(dilation), \(padding)")
    }
    let spread = (size - 1) * stride + dilation * (window - 1) + 1 + outputPadding - padding
    guard size > 0, spread > 0 else { throw ShapeError("a padding of \(padding) leaves nothing of the result") }
    return spread
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    var layouts = [MapLayout](repeating: .plain, count: inputs.count)
    let problem = problem(inputs, dx: output.maps(in: MapLayout(lanes: lanes)), dy: inputs[0].maps(in: MapLayout(lanes: lanes)))
    layouts[0] = MapLayout(lanes: lanes, border: ConvolutionDataGradient.border(of: problem))
    return .fixed(inputs: layouts, outputLanes: lanes)
  }

  public func scratchCount(for site: Site) -> Int {
    gradient(at: site).scratchCount(threadCount: site.processor.threads.threadCount, isPacking: !hasConstantWeights(at: site))
  }

  public func prepare(at site: Site) -> KernelCall {
    let gradient = gradient(at: site), processor = site.processor, hasBias = site.inputs.count > 2
    guard hasConstantWeights(at: site), let weights = site.constants[1], let bias = hasBias ? site.constants[2] : Tensor([site.output.channels]) else {
      // Weights that change from run to run are packed in each run.
      return KernelCall { inputs, output, scratch in
        gradient.run(inputs[0], packing: inputs[1], bias: hasBias ? inputs[2] : nil, into: &output, scratch: &scratch, on: processor)
      }
    }
    let convolution = TransposedConvolution(gradient, weights: weights.span, bias: bias.span, on: processor)
    return KernelCall { inputs, output, scratch in convolution.run(inputs[0], into: &output, scratch: &scratch, on: processor) }
  }

  private func hasConstantWeights(at site: Site) -> Bool { site.constants[1] != nil && (site.inputs.count == 2 || site.constants[2] != nil) }

  private func gradient(at site: Site) -> ConvolutionDataGradient {
    let problem = problem(at: site), kernels = site.processor.kernels
    return ConvolutionDataGradient(
      problem, activation: activation,
      algorithm: ConvolutionDataGradient.algorithms(for: problem, on: kernels, isThorough: site.preparation.isThorough)[0], kernels: kernels)
  }

  private func problem(at site: Site) -> ConvolutionProblem { problem(site.inputs, dx: site.outputMaps, dy: site.maps(ofInput: 0)) }

  /// The convolution whose gradient this is: it reads the result and writes the input.
  private func problem(_ inputs: [Shape], dx: FeatureMaps, dy: FeatureMaps) -> ConvolutionProblem {
    ConvolutionProblem(
      input: dx, output: dy, kernelHeight: inputs[1][2], kernelWidth: inputs[1][3], stride: stride, dilation: dilation, top: padding.top,
      left: padding.left, groups: groups)
  }
}

extension ConvolutionTranspose2D {
  /// The convolution whose transpose this is, and its gradient with the operands in each other's places.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    var plain = self
    plain.activation = .linear
    let gradient = try site.gradient(before: activation, of: plain, in: &graph), w = graph[site.inputs[1]].shape
    let convolution = Convolution2D(stride: stride, padding: padding, dilation: dilation, groups: groups)
    return [
      site.isWanted[0] ? try graph.append(convolution, [try padded(gradient, like: site, in: &graph), site.inputs[1]]) : nil,
      site.isWanted[1] ? try graph.append(Convolution2DWeightGradient(of: convolution, weights: w), [gradient, site.inputs[0]]) : nil,
      site.isWanted.count > 2 && site.isWanted[2] ? try graph.append(ChannelSum(), [gradient]) : nil,
    ].prefix(site.inputs.count).map { $0 }
  }

  /// Rows and columns of output padding that would hold another window are left out.
  private func padded(_ gradient: Graph.Index, like site: GradientSite, in graph: inout Graph) throws(ShapeError) -> Graph.Index {
    guard outputPadding >= stride else { return gradient }
    let dy = graph[gradient].shape
    return try graph.append(Crop2D(top: 0, left: 0, height: dy.height - outputPadding, width: dy.width - outputPadding), [gradient])
  }
}
