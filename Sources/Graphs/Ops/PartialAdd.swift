import Kernels
import Tensors

/// y = a; y[n, c, i·up, j·up] += b[n, c, i·down, j·down] for the channels and pixels that both have, with down = width(b) / width(a) and
/// up = width(a) / width(b), both at least 1.
///
/// Darknet's `[shortcut]` between feature maps of different sizes. Inputs: a and b [batch, channels, height, width]; the result has a's shape.
public struct PartialAdd: Operation {
  public init() {}
  public var name: String { "partial add" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    let a = inputs[0], b = inputs[1]
    try a.expectFeatureMaps()
    try b.expectFeatureMaps()
    let down = b.width / a.width, up = a.width / b.width
    guard a.batch == b.batch, down == b.height / a.height, up == a.height / b.height else {
      throw ShapeError("height and width must differ by the same factor")
    }
    return a
  }

  public func prepare(at site: Site) -> KernelCall {
    let a = site.inputs[0], b = site.inputs[1]
    let down = max(1, b.width / a.width), up = max(1, a.width / b.width)
    return KernelCall { inputs, output, _ in
      copy(inputs[0], from: 0, count: a.count, into: &output, at: 0)
      for image in 0..<a.batch {
        for channel in 0..<min(a.channels, b.channels) {
          for row in 0..<min(a.height / up, b.height / down) {
            for column in 0..<min(a.width / up, b.width / down) {
              let target = ((image * a.channels + channel) * a.height + row * up) * a.width + column * up
              output[target] += inputs[1][((image * b.channels + channel) * b.height + row * down) * b.width + column * down]
            }
          }
        }
      }
    }
  }
}

extension PartialAdd {
  /// da = dy; db is the same operation on zeros and dy, which have changed places.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let zeros = graph.constant("zeros", Tensor(graph[site.inputs[1]].shape))
    return [site.gradient, site.isWanted[1] ? try graph.append(PartialAdd(), [zeros, site.gradient]) : nil]
  }
}
