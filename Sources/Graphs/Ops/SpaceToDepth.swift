import Kernels
import Tensors

/// Rearranges feature maps in blocks, as Darknet's `[reorg]` does (with Darknet's own order, which published YOLOv2 weights depend on).
///
/// With s = stride, C' = ⌊C / s²⌋: read x as [C', H·s, W·s] in memory order; then
/// y[c, i, j] = x'[c mod C', i·s + ⌊⌊c / C'⌋ / s⌋, j·s + ⌊c / C'⌋ mod s] for c < C, i < H, j < W, and the result is named [C·s², H / s, W / s].
/// `reversed` is the inverse. Input: x [batch, channels, height, width].
public struct SpaceToDepth: Operation {
  public var stride: Int
  public var reversed: Bool

  public init(stride: Int, reversed: Bool = false) {
    self.stride = stride
    self.reversed = reversed
  }

  public var name: String { reversed ? "depth to space" : "space to depth" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0]
    try x.expectFeatureMaps()
    guard (1...1 << 16).contains(stride) else { throw ShapeError("the stride must be from 1 to \(1 << 16), found \(stride)") }
    let square = stride * stride
    guard x.channels % square == 0 else { throw ShapeError("\(x.channels) channels are not a multiple of \(square)") }
    if reversed { return [x.batch, x.channels / square, x.height * stride, x.width * stride] }
    guard x.height % stride == 0, x.width % stride == 0 else { throw ShapeError("height and width are not multiples of \(stride)") }
    return [x.batch, x.channels * square, x.height / stride, x.width / stride]
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0]
    return KernelCall { inputs, output, _ in
      spaceToDepth(
        inputs[0], batch: x.batch, channels: x.channels, height: x.height, width: x.width, stride: stride, reversed: reversed, into: &output)
    }
  }
}

extension SpaceToDepth {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.append(SpaceToDepthGradient(of: self, input: graph[site.inputs[0]].shape), [site.gradient])]
  }
}
