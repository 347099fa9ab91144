import Kernels
import Tensors

/// y[n, o, i, j] = activation(b[o] + Σ_c,u,v w[o, c, u, v] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left])
///
/// Cross-correlation of feature maps with a bank of kernels, zeros outside the picture. Inputs: x [batch, channels, height, width],
/// w [outputs, channels / groups, kernel height, kernel width], and optionally b [outputs]. With `groups`, each group of outputs sees its own group of channels.
/// After the passes: a fourth input r of the result's shape that is added before the activation, and the maximum of each 2×2 results instead of each.
public struct Convolution2D: Operation {
  public var stride: Int
  public var padding: Padding
  public var dilation: Int
  public var groups: Int
  /// Applied to the result where it is written; see the pass ``Graph/fusingActivations()``.
  public var activation: Activation
  /// Whether a fourth input is added before the activation; see the pass ``Graph/fusingResiduals()``.
  var addsResidual = false
  /// Whether 2×2 results are pooled to their maximum; see the pass ``Graph/fusingPooling()``.
  var isPooled = false
  /// How the sums are computed; nil to estimate what is fastest. See the pass ``Graph/choosingAlgorithms(by:for:preparation:)``.
  var algorithm: ConvolutionAlgorithm?
  /// What numbers are multiplied, if that is possible; see the pass ``Graph/choosingPrecision(_:)``.
  var precision = ConvolutionPrecision.float32

  public init(stride: Int = 1, padding: Padding = .none, dilation: Int = 1, groups: Int = 1, activation: Activation = .linear) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.activation = activation
  }

  public var name: String { "convolution" }

  /// Whether a pooling of the result can become part of this.
  var takesPooling: Bool { !addsResidual && !isPooled && groups == 1 }

  public func multiplyAdds(for site: Site) -> Int { problem(at: site).multiplyAdds }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...3)
    let x = inputs[0], w = inputs[1]
    try x.expectFeatureMaps()
    guard w.rank == 4 else { throw ShapeError("expected weights of [outputs, channels, height, width], found \(w)") }
    guard groups > 0, x.channels % groups == 0, w[0] % groups == 0 else {
      throw ShapeError("\(x.channels) channels and \(w[0]) outputs cannot be cut into \(groups) groups")
    }
    guard w[1] == x.channels / groups else {
      throw ShapeError("expected weights for \(x.channels / groups) channels, found \(w[1])")
    }
    guard inputs.count == 2 || inputs[2] == [w[0]] else { throw ShapeError("expected a bias of \(w[0]) numbers, found \(inputs[2])") }
    return [
      x.batch, w[0],
      try windowCount(size: x.height, padding: padding.top + padding.bottom, window: w[2], stride: stride, dilation: dilation),
      try windowCount(size: x.width, padding: padding.left + padding.right, window: w[3], stride: stride, dilation: dilation),
    ]
  }

  /// Blocks of channels in and out; pictures and other maps of few channels are read plain, since most lanes of a block would be empty.
  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    let x = inputs[0], w = inputs[1]
    let border = ConvolutionProblem.border(
      inputHeight: x.height, inputWidth: x.width, outputHeight: isPooled ? 2 * output.height : output.height,
      outputWidth: isPooled ? 2 * output.width : output.width, kernelHeight: w[2], kernelWidth: w[3], stride: stride, dilation: dilation,
      top: padding.top, left: padding.left)
    var layouts = [MapLayout](repeating: .plain, count: inputs.count)
    layouts[0] = MapLayout(lanes: 2 * x.channels <= lanes ? 1 : lanes, border: border)
    if addsResidual { layouts[3] = MapLayout(lanes: lanes) }
    return .fixed(inputs: layouts, outputLanes: lanes)
  }

  public func scratchCount(for site: Site) -> Int {
    if usesReducedPrecision(at: site) {
      return ReducedConvolution.scratchCount(problem(at: site), precision: precision, on: site.processor)
    }
    return plan(at: site).scratchCount(threadCount: site.processor.threads.threadCount, isPacking: !hasConstantWeights(at: site))
  }

  public func prepare(at site: Site) -> KernelCall {
    let plan = plan(at: site), processor = site.processor, hasBias = site.inputs.count > 2, addsResidual = addsResidual
    guard hasConstantWeights(at: site), let weights = site.constants[1], let bias = hasBias ? site.constants[2] : Tensor([site.output.channels]) else {
      // Weights that change from run to run are packed in each run.
      return KernelCall(detail(of: "\(plan.algorithm)")) { inputs, output, scratch in
        plan.run(
          inputs[0], packing: inputs[1], bias: hasBias ? inputs[2] : nil, residual: addsResidual ? inputs[3] : nil, into: &output, scratch: &scratch,
          on: processor)
      }
    }
    if usesReducedPrecision(at: site) {
      let convolution = ReducedConvolution(problem(at: site), precision: precision, weights: weights.span, bias: bias.span, on: processor)
      return KernelCall(detail(of: convolution.detail)) { inputs, output, scratch in
        convolution.run(inputs[0], residual: addsResidual ? inputs[3] : nil, into: &output, scratch: &scratch, on: processor)
      }
    }
    let convolution = Convolution(plan, weights: weights.span, bias: bias.span, on: processor)
    return KernelCall(detail(of: "\(plan.algorithm)")) { inputs, output, scratch in
      convolution.run(inputs[0], residual: addsResidual ? inputs[3] : nil, into: &output, scratch: &scratch, on: processor)
    }
  }

  func hasConstantWeights(at site: Site) -> Bool { site.constants[1] != nil && (site.inputs.count == 2 || site.constants[2] != nil) }

  /// Bytes are always faster than floats; bf16 is not where Winograd's algorithm saves most of the multiplications, which it cannot do in bf16.
  func usesReducedPrecision(at site: Site) -> Bool {
    let problem = problem(at: site)
    guard hasConstantWeights(at: site), ReducedConvolution.canCompute(problem, precision: precision, on: site.processor) else { return false }
    guard case .bfloat16 = precision else { return true }
    return problem.algorithms(on: site.processor.kernels)[0] == .direct
  }

  /// Those that the preparation allows, the one that should be fastest first. Winograd's are for programs that run often: transforming the weights takes as long
  /// as several runs.
  func algorithms(at site: Site) -> [ConvolutionAlgorithm] {
    problem(at: site).algorithms(
      on: site.processor.kernels, isThorough: site.preparation.isThorough, allowsLargeTiles: site.preparation.allowsLargeTiles)
  }

  private func plan(at site: Site) -> ConvolutionPlan {
    ConvolutionPlan(problem(at: site), algorithm: algorithm ?? algorithms(at: site)[0], kernels: site.processor.kernels)
  }

  private func detail(of algorithm: String) -> String { "\(algorithm)\(addsResidual ? ", sum" : "")\(isPooled ? ", pooling" : "")" }

  func problem(at site: Site) -> ConvolutionProblem {
    ConvolutionProblem(
      input: site.maps(ofInput: 0), output: site.outputMaps, kernelHeight: site.inputs[1][2], kernelWidth: site.inputs[1][3], stride: stride,
      dilation: dilation, top: padding.top, left: padding.left, groups: groups, activation: activation,
      residual: addsResidual ? site.maps(ofInput: 3) : nil, isPooled: isPooled)
  }
}

extension Convolution2D {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    guard !addsResidual, !isPooled else { throw ShapeError("a convolution that passes have changed has no gradient: take it of the graph before them") }
    var plain = self
    plain.activation = .linear
    let gradient = try site.gradient(before: activation, of: plain, in: &graph), x = graph[site.inputs[0]].shape, w = graph[site.inputs[1]].shape
    return [
      site.isWanted[0] ? try graph.append(Convolution2DDataGradient(of: plain, input: x), [gradient, site.inputs[1]]) : nil,
      site.isWanted[1] ? try graph.append(Convolution2DWeightGradient(of: plain, weights: w), [site.inputs[0], gradient]) : nil,
      site.isWanted.count > 2 && site.isWanted[2] ? try graph.append(ChannelSum(), [gradient]) : nil,
    ].prefix(site.inputs.count).map { $0 }
  }
}
