import Kernels
import Tensors

/// y[n, o, i, j] = b[o, i, j] + Σ_c,u,v w[i, j, o, c, u, v] · x[n, c, i·stride + u − padding, j·stride + v − padding]
///
/// A convolution whose weights differ from place to place (Darknet's `[local]`). Inputs: x [batch, channels, height, width],
/// w [places, outputs, channels · kernel height · kernel width], b [outputs, places], where places = output height · output width.
public struct LocallyConnected2D: Operation {
  public var size: Int
  public var stride: Int
  public var padding: Int

  public init(size: Int, stride: Int, padding: Int) {
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  public var name: String { "locally connected" }

  public func multiplyAdds(for site: Site) -> Int { site.output.batch * site.inputs[1].count }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(3...3)
    let x = inputs[0], w = inputs[1]
    try x.expectFeatureMaps()
    let height = try windowCount(size: x.height, padding: 2 * padding, window: size, stride: stride)
    let width = try windowCount(size: x.width, padding: 2 * padding, window: size, stride: stride)
    guard w.rank == 3, w[0] == height * width, w[2] == x.channels * size * size else {
      throw ShapeError("expected weights of \(height * width)×outputs×\(x.channels * size * size), found \(w)")
    }
    guard inputs[2] == [w[1], w[0]] else { throw ShapeError("expected a bias of \(w[1])×\(w[0]), found \(inputs[2])") }
    return [x.batch, w[1], height, width]
  }

  public func scratchCount(for site: Site) -> Int { site.inputs[1][2] * site.processor.threads.threadCount }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], y = site.output, depth = site.inputs[1][2], processor = site.processor
    let geometry = PatchGeometry(
      inputHeight: x.height, inputWidth: x.width, outputWidth: y.width, kernelHeight: size, kernelWidth: size, stride: stride, dilation: 1,
      top: padding, left: padding)
    return KernelCall { inputs, output, scratch in
      locallyConnected(
        inputs[0], batch: x.batch, geometry: geometry, depth: depth, places: y.height * y.width, weights: inputs[1], bias: inputs[2], into: &output,
        scratch: &scratch, on: processor)
    }
  }
}

extension LocallyConnected2D {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape, w = graph[site.inputs[1]].shape, dy = graph[site.gradient].shape
    let sum = site.isWanted[2] ? try graph.append(Reduce(.sum, axes: [0]), [site.gradient]) : nil
    return [
      site.isWanted[0]
        ? try graph.append(LocallyConnected2DGradient(.input, of: self, result: x), [site.inputs[1], site.gradient]) : nil,
      site.isWanted[1]
        ? try graph.append(LocallyConnected2DGradient(.weights, of: self, result: w), [site.inputs[0], site.gradient]) : nil,
      sum == nil ? nil : try graph.reshaped(sum!, [dy.channels, dy.height * dy.width]),
    ]
  }
}
