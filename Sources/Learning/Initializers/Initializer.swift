import Tensors

/// How the parameters of a layer begin.
///
/// Deviations and bounds that depend on the layer follow from its fans (``Fans``), so that signals keep their size from layer to layer. Normal
/// numbers are not truncated, as in PyTorch.
///
///     var random = RandomNumbers(seed: 1)
///     let weights = Initializer.heNormal.tensor([64, 3, 7, 7], using: &random)
public enum Initializer: Hashable, Sendable {
  case zeros
  case constant(Float)
  /// Normal numbers of mean 0.
  case normal(deviation: Float)
  case uniform(Range<Float>)
  /// Variance 2 / (fan in + fan out): Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
  case glorotNormal, glorotUniform
  /// Variance 2 / fan in, for rectifiers: He et al., "Delving deep into rectifiers", 2015.
  case heNormal, heUniform
  /// Variance 1 / fan in: LeCun et al., "Efficient backprop", 1998.
  case lecunNormal, lecunUniform
  /// Rows, or columns if there are fewer, of length `gain` and orthogonal to each other: Saxe et al., "Exact solutions to the nonlinear dynamics of
  /// learning in deep linear neural networks", 2014. The weight is seen as a matrix of shape[0] rows.
  case orthogonal(gain: Float = 1)

  /// A tensor that begins so.
  public func tensor(_ shape: Shape, using random: inout RandomNumbers) -> Tensor {
    switch self {
    case .zeros: return Tensor(shape)
    case .constant(let value): return Tensor(shape, repeating: value)
    case .orthogonal(let gain): return orthogonalTensor(shape, gain: gain, using: &random)
    case .uniform(let range): return Tensor(shape, uniformIn: range, using: &random)
    case .glorotUniform, .heUniform, .lecunUniform:
      let bound = Float(3).squareRoot() * standardDeviation(for: shape)
      return Tensor(shape, uniformIn: -bound..<bound, using: &random)
    case .normal, .glorotNormal, .heNormal, .lecunNormal: return Tensor(shape, normalWith: standardDeviation(for: shape), using: &random)
    }
  }

  /// The standard deviation that elements of a parameter of this shape are drawn with.
  public func standardDeviation(for shape: Shape) -> Float {
    let fans = Fans(shape)
    switch self {
    case .zeros, .constant: return 0
    case .normal(let deviation): return deviation
    case .uniform(let range): return (range.upperBound - range.lowerBound) / Float(12).squareRoot()
    case .glorotNormal, .glorotUniform: return Float((2 / Double(fans.input + fans.output)).squareRoot())
    case .heNormal, .heUniform: return Float((2 / Double(fans.input)).squareRoot())
    case .lecunNormal, .lecunUniform: return Float((1 / Double(fans.input)).squareRoot())
    case .orthogonal(let gain): return gain / Float(max(shape.matrixRows, shape.matrixColumns, 1)).squareRoot()
    }
  }
}
