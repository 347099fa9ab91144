import Graphs
import Kernels
import Tensors

/// The largest of each window.
public struct MaxPool2D: Layer {
  public let size, stride: Int
  public let padding: ConvolutionPadding

  /// - Parameter stride: nil for the size.
  public init(_ size: Int, stride: Int? = nil, padding: ConvolutionPadding = .valid) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node { x.pooled(.max, size, stride, padding) }
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

/// The mean of each window, of its pixels inside the maps.
public struct AveragePool2D: Layer {
  public let size, stride: Int
  public let padding: ConvolutionPadding

  /// - Parameter stride: nil for the size.
  public init(_ size: Int, stride: Int? = nil, padding: ConvolutionPadding = .valid) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node { x.pooled(.average, size, stride, padding) }
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

/// The mean of each map: [batch, channels, height, width] to [batch, channels].
public struct GlobalAveragePool2D: Layer {
  public init() {}
  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node { x.applying(GlobalAverage()).flattened }
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

/// y[n, c, i, j] = the mean of rows ⌊i · H / height⌋ to ⌈(i + 1) · H / height⌉ and columns likewise: maps of any size to one size, as in PyTorch.
public struct AdaptiveAveragePool2D: Layer {
  public let height, width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node {
    let s = x.shape
    if height == 1, width == 1 { return x.applying(GlobalAverage()) }
    if s.height % height == 0, s.width % width == 0, s.height / height == s.width / width { return AveragePool2D(s.height / height)(x) }
    // Windows of different sizes are a product with a matrix of their shares, from the right and from the left.
    let columns = x.recorder.constant(shares(of: s.width, width)), rows = x.recorder.constant(shares(of: s.height, height))
    let narrow = matrixProduct(x.reshaped([s.batch * s.channels * s.height, s.width]), columns, transposesB: true)
    let turned = narrow.reshaped([s.batch * s.channels, s.height, width]).permuted([0, 2, 1])
    let low = matrixProduct(turned.reshaped([s.batch * s.channels * width, s.height]), rows, transposesB: true)
    return low.reshaped([s.batch * s.channels, width, height]).permuted([0, 2, 1]).reshaped([s.batch, s.channels, height, width])
  }

  /// [places][size]: what part of each mean each pixel is.
  private func shares(of size: Int, _ places: Int) -> Tensor {
    var result = Tensor([places, size])
    for place in 0..<places {
      let first = place * size / places, end = ((place + 1) * size + places - 1) / places
      for pixel in first..<end { result[place, pixel] = 1 / Float(end - first) }
    }
    return result
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

extension Node {
  fileprivate func pooled(_ kind: PoolingKind, _ size: Int, _ stride: Int, _ padding: ConvolutionPadding) -> Node {
    let padding = padding.padding(
      height: shape.height, width: shape.width, kernelHeight: size, kernelWidth: size, stride: stride, dilation: 1)
    return applying(Pooling2D(kind, size: size, stride: stride, padding: padding))
  }
}
