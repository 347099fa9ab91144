import Kernels
import Tensors

/// y[n, o, i, j] = activation(b[o] + Σ_c,u,v w[o, c, u, v] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left])
///
/// Cross-correlation of feature maps with a bank of kernels, zeros outside the picture. Inputs: x [batch, channels, height, width],
/// w [outputs, channels / groups, kernel height, kernel width], and optionally b [outputs]. With `groups`, each group of outputs sees its own group of channels.
public struct Convolution2D: Operation {
  public var stride: Int
  public var padding: Padding
  public var dilation: Int
  public var groups: Int
  /// Applied to the result where it is written; see the pass ``Graph/fusingActivations()``.
  public var activation: Activation

  public init(stride: Int = 1, padding: Padding = .none, dilation: Int = 1, groups: Int = 1, activation: Activation = .linear) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.activation = activation
  }

  public var name: String { "convolution" }

  public func multiplyAdds(for site: Site) -> Int { site.output.count * site.inputs[1].count / site.output.channels }

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

  public func scratchCount(for site: Site) -> Int {
    let threadCount = site.processor.threads.threadCount
    return winogradPlan(at: site)?.scratchCount(threadCount: threadCount) ?? plan(at: site).scratchCount(threadCount: threadCount)
  }

  public func prepare(at site: Site) -> KernelCall {
    let plan = plan(at: site), processor = site.processor, hasBias = site.inputs.count > 2
    guard let weights = site.constants[1], let bias = hasBias ? site.constants[2] : Tensor([site.output.channels]) else {
      // Weights that change from run to run are packed in each run.
      return KernelCall { inputs, output, scratch in
        Convolution(plan, weights: inputs[1], bias: hasBias ? inputs[2] : nil).run(inputs[0], into: &output, scratch: &scratch, on: processor)
      }
    }
    if let winogradPlan = winogradPlan(at: site) {
      let convolution = WinogradConvolution(winogradPlan, weights: weights.span, bias: bias.span, on: processor)
      return KernelCall { inputs, output, scratch in convolution.run(inputs[0], into: &output, scratch: &scratch, on: processor) }
    }
    let convolution = Convolution(plan, weights: weights.span, bias: bias.span)
    return KernelCall { inputs, output, scratch in convolution.run(inputs[0], into: &output, scratch: &scratch, on: processor) }
  }

  /// Winograd's algorithm, where it applies, weights are known, and the program is prepared for many runs: transforming the weights takes as long as several runs.
  private func winogradPlan(at site: Site) -> WinogradPlan? {
    guard site.preparation == .thorough, site.constants[1] != nil, site.inputs.count == 2 || site.constants[2] != nil else { return nil }
    return WinogradPlan(
      batch: site.inputs[0].batch, channels: site.inputs[0].channels, outputs: site.output.channels, groups: groups, geometry: geometry(at: site),
      outputHeight: site.output.height, activation: activation, kernels: site.processor.kernels)
  }

  private func plan(at site: Site) -> ConvolutionPlan {
    ConvolutionPlan(
      batch: site.inputs[0].batch, channels: site.inputs[0].channels, outputs: site.output.channels, groups: groups, geometry: geometry(at: site),
      outputHeight: site.output.height, activation: activation, kernels: site.processor.kernels)
  }

  private func geometry(at site: Site) -> PatchGeometry {
    PatchGeometry(
      inputHeight: site.inputs[0].height, inputWidth: site.inputs[0].width, outputWidth: site.output.width, kernelHeight: site.inputs[1][2],
      kernelWidth: site.inputs[1][3], stride: stride, dilation: dilation, top: padding.top, left: padding.left)
  }
}
