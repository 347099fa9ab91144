import Kernels
import Tensors

/// y[n, c, i, j] = max or mean of x[n, c, i·stride − top …< + size, j·stride − left …< + size]
///
/// The window's part outside the picture counts as −∞ for the maximum and not at all for the mean. Input: x [batch, channels, height, width].
public struct Pooling2D: Operation {
  public var kind: PoolingKind
  public var size: Int
  public var stride: Int
  public var padding: Padding

  public init(_ kind: PoolingKind, size: Int, stride: Int, padding: Padding = .none) {
    self.kind = kind
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  public var name: String { "\(kind) pooling" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0]
    try x.expectFeatureMaps()
    return [
      x.batch, x.channels,
      try windowCount(size: x.height, padding: padding.top + padding.bottom, window: size, stride: stride),
      try windowCount(size: x.width, padding: padding.left + padding.right, window: size, stride: stride),
    ]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func scratchCount(for site: Site) -> Int {
    poolingScratchCount(site.maps(ofInput: 0), threadCount: site.processor.threads.threadCount)
  }

  public func prepare(at site: Site) -> KernelCall {
    let geometry = geometry(x: site.inputs[0], y: site.output), from = site.maps(ofInput: 0), to = site.outputMaps, processor = site.processor
    return KernelCall { inputs, output, scratch in
      pool(kind, inputs[0], from: from, geometry: geometry, into: &output, to: to, scratch: &scratch, on: processor)
    }
  }

  func geometry(x: Shape, y: Shape) -> PoolingGeometry {
    PoolingGeometry(
      inputHeight: x.height, inputWidth: x.width, outputHeight: y.height, outputWidth: y.width, size: size, stride: stride, top: padding.top,
      left: padding.left)
  }
}

extension Pooling2D {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.append(Pooling2DGradient(of: self), [site.inputs[0], site.gradient])]
  }
}
