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
}
