public import Tensors

/// Windows of several sizes beside each other, their maps concatenated: Szegedy et al., “Going deeper with convolutions”, 2015, figure 2b.
///
/// | branch | |
/// |---|---|
/// | 1 | 1×1 |
/// | 2 | 1×1 to few maps, then 3×3 |
/// | 3 | 1×1 to fewer, then 3×3: 5×5 in the paper, 3×3 in torchvision's network and the files for it |
/// | 4 | 3×3 maximum, then 1×1 |
///
/// Every convolution is a ``ConvolutionUnit``. The names of parameters are those of torchvision's `Inception`.
public struct InceptionBlock: Layer {
  public var branch1: ConvolutionUnit
  public var branch2, branch3, branch4: Sequential

  /// - Parameters:
  ///   - ones: maps of branch 1.
  ///   - threes, fives: maps of the 1×1 convolution and of the one after it, in branches 2 and 3.
  ///   - pooled: maps of branch 4.
  public init(
    _ inputs: Int, ones: Int, threes: (reduced: Int, outputs: Int), fives: (reduced: Int, outputs: Int), pooled: Int,
    using random: inout RandomNumbers
  ) {
    func unit(_ inputs: Int, _ outputs: Int, _ kernel: Int) -> ConvolutionUnit {
      ConvolutionUnit(inputs, outputs, kernel: kernel, epsilon: 1e-3, using: &random)
    }
    branch1 = unit(inputs, ones, 1)
    branch2 = Sequential(unit(inputs, threes.reduced, 1), unit(threes.reduced, threes.outputs, 3))
    branch3 = Sequential(unit(inputs, fives.reduced, 1), unit(fives.reduced, fives.outputs, 3))
    branch4 = Sequential(MaxPool2D(3, stride: 1, padding: .all(1)), unit(inputs, pooled, 1))
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    concatenated([branch1(x, phase: phase), branch2(x, phase: phase), branch3(x, phase: phase), branch4(x, phase: phase)], axis: 1)
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("branch1", &branch1)
    try visitor.visit("branch2", &branch2)
    try visitor.visit("branch3", &branch3)
    try visitor.visit("branch4", &branch4)
  }
}
