public import Graphs
import Kernels
public import Tensors

/// How feature maps are widened before a window slides over them.
public enum ConvolutionPadding: Hashable, Sendable {
  /// Rows and columns of zeros.
  case explicit(Padding)
  /// As many as make the result ⌈size / stride⌉ long; an odd one at the bottom and the right (TensorFlow's “same”).
  case same
  /// At the bottom and the right as many as it takes for windows to reach the last row and column: pooling with PyTorch's `ceil_mode`.
  case ceiling

  public static let valid = ConvolutionPadding.explicit(.none)
  public static func all(_ size: Int) -> ConvolutionPadding { .explicit(.all(size)) }

  func padding(height: Int, width: Int, kernelHeight: Int, kernelWidth: Int, stride: Int, dilation: Int) -> Padding {
    func missing(_ size: Int, _ kernel: Int, places: Int) -> Int { Swift.max(0, (places - 1) * stride + (kernel - 1) * dilation + 1 - size) }
    switch self {
    case .explicit(let padding): return padding
    case .same:
      let rows = missing(height, kernelHeight, places: (height + stride - 1) / stride)
      let columns = missing(width, kernelWidth, places: (width + stride - 1) / stride)
      return Padding(top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
    case .ceiling:
      func places(_ size: Int, _ kernel: Int) -> Int { (Swift.max(0, size - (kernel - 1) * dilation - 1) + stride - 1) / stride + 1 }
      return Padding(
        bottom: missing(height, kernelHeight, places: places(height, kernelHeight)),
        right: missing(width, kernelWidth, places: places(width, kernelWidth)))
    }
  }
}

/// y[n, o, i, j] = b[o] + Σ_c,u,v w[o, c, u, v] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left]: see ``Convolution2D``.
public struct Conv2D: Layer {
  /// [outputs, channels / groups, kernel height, kernel width]
  public var weight: Parameter
  public var bias: Parameter?
  public let stride, dilation, groups: Int
  public let padding: ConvolutionPadding

  public init(
    _ channels: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: ConvolutionPadding = .valid, dilation: Int = 1, groups: Int = 1,
    hasBias: Bool = true, initializer: Initializer = .heUniform, using random: inout RandomNumbers
  ) {
    self.init(
      channels, outputs, kernel: (kernel, kernel), stride: stride, padding: padding, dilation: dilation, groups: groups, hasBias: hasBias,
      initializer: initializer, using: &random)
  }

  /// With a kernel of other sizes than a square's.
  public init(
    _ channels: Int, _ outputs: Int, kernel: (height: Int, width: Int), stride: Int = 1, padding: ConvolutionPadding = .valid, dilation: Int = 1,
    groups: Int = 1, hasBias: Bool = true, initializer: Initializer = .heUniform, using random: inout RandomNumbers
  ) {
    precondition(groups > 0 && channels % groups == 0 && outputs % groups == 0, "\(channels) and \(outputs) channels in \(groups) groups")
    weight = Parameter(initializer.tensor([outputs, channels / groups, kernel.height, kernel.width], using: &random))
    bias = hasBias ? Parameter(Tensor([outputs])) : nil
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    self.padding = padding
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node {
    let shape = weight.value.shape
    let padding = padding.padding(
      height: x.shape.height, width: x.shape.width, kernelHeight: shape[2], kernelWidth: shape[3], stride: stride, dilation: dilation)
    return x.recorder.append(
      Convolution2D(stride: stride, padding: padding, dilation: dilation, groups: groups),
      [x, weight.node(in: x.recorder)] + (bias.map { [$0.node(in: x.recorder)] } ?? []))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("weight", &weight)
    try visitor.visit("bias", &bias)
  }
}

/// A ``Conv2D`` along one axis: x [batch, channels, steps], w [outputs, channels / groups, 1, kernel].
public struct Conv1D: Layer {
  public var convolution: Conv2D
  /// How many steps of zeros are put before and after.
  public let padding: (before: Int, after: Int)

  public init(
    _ channels: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: (before: Int, after: Int) = (0, 0), dilation: Int = 1, groups: Int = 1,
    hasBias: Bool = true, initializer: Initializer = .heUniform, using random: inout RandomNumbers
  ) {
    self.padding = padding
    convolution = Conv2D(
      channels, outputs, kernel: (1, kernel), stride: stride,
      padding: .explicit(Padding(top: 0, left: padding.before, bottom: 0, right: padding.after)), dilation: dilation, groups: groups,
      hasBias: hasBias, initializer: initializer, using: &random)
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node {
    let y = convolution(x.reshaped([x.shape[0], x.shape[1], 1, x.shape[2]]))
    return y.reshaped([y.shape[0], y.shape[1], y.shape[3]])
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws { try convolution.visitParameters(&visitor) }
}

/// The transpose of a convolution, which spreads each pixel over a window: see ``ConvolutionTranspose2D``.
public struct ConvTranspose2D: Layer {
  /// [channels, outputs / groups, kernel, kernel]
  public var weight: Parameter
  public var bias: Parameter?
  public let operation: ConvolutionTranspose2D

  public init(
    _ channels: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Padding = .none, outputPadding: Int = 0, dilation: Int = 1,
    groups: Int = 1, hasBias: Bool = true, initializer: Initializer = .heUniform, using random: inout RandomNumbers
  ) {
    weight = Parameter(initializer.tensor([channels, outputs / groups, kernel, kernel], using: &random))
    bias = hasBias ? Parameter(Tensor([outputs])) : nil
    operation = ConvolutionTranspose2D(
      stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation, groups: groups)
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node {
    x.recorder.append(operation, [x, weight.node(in: x.recorder)] + (bias.map { [$0.node(in: x.recorder)] } ?? []))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("weight", &weight)
    try visitor.visit("bias", &bias)
  }
}
