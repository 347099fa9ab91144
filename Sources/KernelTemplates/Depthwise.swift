/// y[c, i, j] = f(b[c] + Σ_u,v w[c, u, v] · x[c, i·stride + u·dilation, j·stride + v·dilation]) for one block of channels and some rows of its map.
///
/// A convolution in which each channel has a kernel of its own, on blocked maps: a vector is one pixel of a block of channels.
@frozen public struct DepthwiseRows {
  public var kernelHeight, kernelWidth, stride, dilation: Int
  /// How many rows are computed, and pixels in each.
  public var rows, width: Int
  /// Where the first window begins, and floats from one row of the input to the next.
  public var x: UnsafePointer<Float>
  public var xRowStep: Int
  /// [kernel height][kernel width][V]
  public var weights: UnsafePointer<Float>
  /// [V]
  public var bias: UnsafePointer<Float>
  public var y: UnsafeMutablePointer<Float>
  public var yRowStep, yPixelStep: Int
  public var line: ClampedLine

  @inlinable public init(
    kernelHeight: Int, kernelWidth: Int, stride: Int, dilation: Int, rows: Int, width: Int, x: UnsafePointer<Float>, xRowStep: Int,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, yRowStep: Int, yPixelStep: Int, line: ClampedLine
  ) {
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.dilation = dilation
    self.rows = rows
    self.width = width
    self.x = x
    self.xRowStep = xRowStep
    self.weights = weights
    self.bias = bias
    self.y = y
    self.yRowStep = yRowStep
    self.yPixelStep = yPixelStep
    self.line = line
  }
}

/// See ``DepthwiseRows``.
@inlinable @inline(__always)
public func convolveDepthwise<V: Lanes>(_: V.Type, _ p: DepthwiseRows) {
  for row in 0..<p.rows {
    let x = p.x + row &* p.stride &* p.xRowStep, y = p.y + row &* p.yRowStep
    if p.kernelHeight == 3 && p.kernelWidth == 3 && p.dilation == 1 && p.stride == 1 {
      depthwiseRow(V.self, p, x, y, kernelHeight: 3, kernelWidth: 3, stride: 1, dilation: 1)
    } else if p.kernelHeight == 3 && p.kernelWidth == 3 && p.dilation == 1 && p.stride == 2 {
      depthwiseRow(V.self, p, x, y, kernelHeight: 3, kernelWidth: 3, stride: 2, dilation: 1)
    } else {
      depthwiseRow(V.self, p, x, y, kernelHeight: p.kernelHeight, kernelWidth: p.kernelWidth, stride: p.stride, dilation: p.dilation)
    }
  }
}

/// One row, in groups of seven pixels, and single ones at its end. Sizes that are constants here are constants of the compiled loop.
@inlinable @inline(__always)
func depthwiseRow<V: Lanes>(
  _: V.Type, _ p: DepthwiseRows, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, kernelHeight: Int, kernelWidth: Int, stride: Int,
  dilation: Int
) {
  var column = 0
  while column &+ 7 <= p.width {
    depthwiseGroup(
      V.self, InlineArray<7, Bool>.self, p, x + column &* stride &* V.count, y + column &* p.yPixelStep, kernelHeight, kernelWidth, stride, dilation)
    column &+= 7
  }
  while column < p.width {
    depthwiseGroup(
      V.self, InlineArray<1, Bool>.self, p, x + column &* stride &* V.count, y + column &* p.yPixelStep, kernelHeight, kernelWidth, stride, dilation)
    column &+= 1
  }
}

@inlinable @inline(__always)
func depthwiseGroup<V: Lanes, let pixels: Int>(
  _: V.Type, _: InlineArray<pixels, Bool>.Type, _ p: DepthwiseRows, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
  _ kernelHeight: Int, _ kernelWidth: Int, _ stride: Int, _ dilation: Int
) {
  var sums = InlineArray<pixels, V>(repeating: V.load(p.bias))
  for u in 0..<kernelHeight {
    let line = x + u &* dilation &* p.xRowStep
    for v in 0..<kernelWidth {
      let weight = V.load(p.weights + (u &* kernelWidth &+ v) &* V.count)
      for pixel in 0..<pixels {
        sums[unchecked: pixel] = V.multiplyAdd(
          V.load(line + (pixel &* stride &+ v &* dilation) &* V.count), weight, sums[unchecked: pixel])
      }
    }
  }
  for pixel in 0..<pixels { p.line(sums[unchecked: pixel]).store(y + pixel &* p.yPixelStep) }
}
