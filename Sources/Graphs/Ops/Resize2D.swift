import Kernels
import Tensors

/// Feature maps in another size: each new pixel is the nearest old one, or is interpolated between its four neighbours.
///
/// y[n, c, i, j] = x[n, c, r(i), s(j)] or the bilinear mixture at (r(i), s(j)); see ``ResizePlan`` for r and s. Places outside the picture are moved to its
/// edge.
/// Input: x [batch, channels, height, width].
public struct Resize2D: Operation {
  public var height, width: Int
  public var interpolation: ResizePlan.Interpolation
  public var coordinates: ResizePlan.Coordinates

  public init(height: Int, width: Int, _ interpolation: ResizePlan.Interpolation, coordinates: ResizePlan.Coordinates = .halfPixel) {
    self.height = height
    self.width = width
    self.interpolation = interpolation
    self.coordinates = coordinates
  }

  public var name: String { "resize" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    try inputs[0].expectFeatureMaps()
    let sensible = 1...1 << 24
    guard sensible.contains(height), sensible.contains(width) else {
      throw ShapeError("height and width must be from 1 to \(1 << 24), found \(height) and \(width)")
    }
    return [inputs[0].batch, inputs[0].channels, height, width]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let from = site.maps(ofInput: 0), to = site.outputMaps, processor = site.processor
    let plan = ResizePlan(height: from.height, width: from.width, toHeight: height, toWidth: width, interpolation, coordinates)
    return KernelCall { inputs, output, _ in resize(inputs[0], from: from, by: plan, into: &output, to: to, on: processor) }
  }
}

extension Resize2D {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.append(Resize2DGradient(of: self, input: graph[site.inputs[0]].shape), [site.gradient])]
  }
}
