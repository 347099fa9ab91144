import Kernels
import Tensors

/// y = depthwise(expansion(x)), each a ``Convolution2D``: what the pass ``Graph/fusingExpansions()`` makes of a 1×1 convolution and the depthwise one after it.
///
/// Inputs: x [batch, channels, height, width], the expansion's weights and bias, the depthwise convolution's weights and bias; all but x constants.
struct ExpandedDepthwise2D: Operation {
  let expansion, depthwise: Convolution2D

  var name: String { "convolution" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try depthwise.shape(of: [try expansion.shape(of: Array(inputs[0...2])), inputs[3], inputs[4]])
  }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    .fixed(inputs: [MapLayout(lanes: lanes), .plain, .plain, .plain, .plain], outputLanes: lanes)
  }

  func multiplyAdds(for site: Site) -> Int {
    let problems = problems(at: site)
    return problems.expansion.multiplyAdds + problems.depthwise.multiplyAdds
  }

  func scratchCount(for site: Site) -> Int { ExpandedDepthwise.scratchCount(problems(at: site).depthwise, on: site.processor) }

  func prepare(at site: Site) -> KernelCall {
    guard let weights = site.constants[1], let bias = site.constants[2], let filters = site.constants[3], let shift = site.constants[4] else {
      preconditionFailure("only constant weights are fused")
    }
    let problems = problems(at: site), processor = site.processor
    let kernel = ExpandedDepthwise(
      expansion: problems.expansion, weights: weights.span, bias: bias.span, depthwise: problems.depthwise, depthwiseWeights: filters.span,
      depthwiseBias: shift.span, on: processor)
    return KernelCall("expanded depthwise") { inputs, output, scratch in
      kernel.run(inputs[0], into: &output, scratch: &scratch, on: processor)
    }
  }

  private func problems(at site: Site) -> (expansion: ConvolutionProblem, depthwise: ConvolutionProblem) {
    let input = site.maps(ofInput: 0), output = site.outputMaps, window = site.inputs[3]
    let border = ConvolutionProblem.border(
      inputHeight: input.height, inputWidth: input.width, outputHeight: output.height, outputWidth: output.width, kernelHeight: window[2],
      kernelWidth: window[3], stride: depthwise.stride, dilation: 1, top: depthwise.padding.top, left: depthwise.padding.left)
    let expanded = FeatureMaps(
      batch: input.batch, channels: output.channels, height: input.height, width: input.width,
      layout: MapLayout(lanes: site.outputLayout.lanes, border: max(1, border)))
    return (
      ConvolutionProblem(input: input, output: expanded, kernelHeight: 1, kernelWidth: 1, activation: expansion.activation),
      ConvolutionProblem(
        input: expanded, output: output, kernelHeight: window[2], kernelWidth: window[3], stride: depthwise.stride, top: depthwise.padding.top,
        left: depthwise.padding.left, groups: output.channels, activation: depthwise.activation)
    )
  }
}
