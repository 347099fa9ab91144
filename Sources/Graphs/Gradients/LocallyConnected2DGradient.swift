import Kernels
import Tensors

/// The gradients of ``LocallyConnected2D`` by x and by w.
struct LocallyConnected2DGradient: Operation {
  enum Part: Sendable {
    /// dx. Inputs: w, dy.
    case input
    /// dw. Inputs: x, dy.
    case weights
  }

  let part: Part
  let layer: LocallyConnected2D
  /// The shape of x, or of w.
  let result: Shape

  init(_ part: Part, of layer: LocallyConnected2D, result: Shape) {
    self.part = part
    self.layer = layer
    self.result = result
  }

  var name: String { "locally connected gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    try inputs[1].expectFeatureMaps()
    return result
  }

  func prepare(at site: Site) -> KernelCall {
    let x = part == .input ? result : site.inputs[0], w = part == .input ? site.inputs[0] : result, y = site.inputs[1], processor = site.processor
    let places = w[0], outputs = w[1], depth = w[2], batch = x.batch, part = part
    let geometry = PatchGeometry(
      inputHeight: x.height, inputWidth: x.width, outputWidth: y.width, kernelHeight: layer.size, kernelWidth: layer.size, stride: layer.stride,
      dilation: 1, top: layer.padding, left: layer.padding)
    return KernelCall { inputs, output, _ in
      switch part {
      case .input:
        locallyConnectedDataGradient(
          inputs[1], batch: batch, geometry: geometry, depth: depth, places: places, outputs: outputs, weights: inputs[0], into: &output, on: processor)
      case .weights:
        locallyConnectedWeightGradient(
          inputs[0], of: inputs[1], batch: batch, geometry: geometry, depth: depth, places: places, outputs: outputs, into: &output, on: processor)
      }
    }
  }
}
