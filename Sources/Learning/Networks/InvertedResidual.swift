public import Tensors

/// y = W₃ ∗ r(W₂ ∗ r(W₁ ∗ x)) with r = relu6, each product normalised, plus x where the shape is the same: Sandler et al., “MobileNetV2: inverted
/// residuals and linear bottlenecks”, 2018, table 1.
///
/// W₁ is 1×1 to `expansion` times the maps, W₂ a window on each map by itself, W₃ 1×1 to few maps.
public struct InvertedResidual: Layer {
  /// Nil with an expansion of 1.
  public var expand: ConvolutionUnit?
  public var depthwise, project: ConvolutionUnit
  public let addsInput: Bool

  /// - Parameters:
  ///   - padding: of the window; nil for (kernel − 1) / 2 on all sides.
  ///   - epsilon, momentum: of batch normalisation.
  public init(
    _ inputs: Int, _ outputs: Int, expansion: Int, kernel: Int = 3, stride: Int = 1, padding: ConvolutionPadding? = nil, epsilon: Float = 1e-5,
    momentum: Float = 0.1, using random: inout RandomNumbers
  ) {
    let width = expansion * inputs
    expand = expansion == 1
      ? nil : ConvolutionUnit(inputs, width, kernel: 1, activation: .relu6, epsilon: epsilon, momentum: momentum, using: &random)
    depthwise = ConvolutionUnit(
      width, width, kernel: kernel, stride: stride, padding: padding, groups: width, activation: .relu6, epsilon: epsilon, momentum: momentum,
      using: &random)
    project = ConvolutionUnit(width, outputs, kernel: 1, activation: .linear, epsilon: epsilon, momentum: momentum, using: &random)
    addsInput = stride == 1 && inputs == outputs
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let wide = expand?(x, phase: phase) ?? x, y = project(depthwise(wide, phase: phase), phase: phase)
    return addsInput ? x + y : y
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("expand", &expand)
    try visitor.visit("depthwise", &depthwise)
    try visitor.visit("project", &project)
  }
}
