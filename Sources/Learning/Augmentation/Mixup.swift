import Glibc
public import Tensors

/// x′ = λ x_i + (1 − λ) x_j and y′ = λ y_i + (1 − λ) y_j with λ drawn from Beta(α, α): each example of a batch with another one of it.
///
/// Zhang et al., “mixup: beyond empirical risk minimization”, 2018. Targets are distributions, as of ``oneHot(_:classes:)``.
public struct Mixup: Hashable, Sendable {
  public let alpha: Float

  public init(alpha: Float = 0.2) {
    precondition(alpha > 0, "a number above 0, found \(alpha)")
    self.alpha = alpha
  }

  /// - Parameters:
  ///   - x, y: [batch, …]; the batch's examples follow from its epoch and number, so that a resumed run mixes the same.
  public func mixed(_ x: Tensor, _ y: Tensor, seed: UInt64, _ batch: Batch) -> (x: Tensor, y: Tensor) {
    let count = batch.indices.count
    precondition(x.shape[0] == count && y.shape[0] == count, "\(x.shape) and \(y.shape) for \(count) examples")
    var random = RandomNumbers(seed: Learning.mixed(seed, UInt64(batch.epoch), ~UInt64(batch.number)))
    var partners = Array(0..<count)
    partners.shuffleEvenly(using: &random)
    let shares = (0..<count).map { _ in share(using: &random) }
    return (blended(x, partners, shares), blended(y, partners, shares))
  }

  private func blended(_ tensor: Tensor, _ partners: [Int], _ shares: [Float]) -> Tensor {
    let each = tensor.count / max(1, tensor.shape[0]), source = tensor.span
    var result = Tensor(tensor.shape)
    result.withMutableSpan { target in
      for place in partners.indices {
        let own = place * each, other = partners[place] * each, share = shares[place]
        for offset in 0..<each { target[own + offset] = share * source[own + offset] + (1 - share) * source[other + offset] }
      }
    }
    return result
  }

  /// Beta(α, α) as a / (a + b) of two Gamma(α).
  private func share(using random: inout RandomNumbers) -> Float {
    let a = gamma(using: &random), b = gamma(using: &random)
    return a + b > 0 ? a / (a + b) : random.uniform() < 0.5 ? 0 : 1
  }

  /// Gamma(α) of Gamma(α + 1) · u^(1/α), that by Marsaglia & Tsang, “A simple method for generating gamma variables”, 2000.
  private func gamma(using random: inout RandomNumbers) -> Float {
    let d = alpha + 1 - 1 / 3, c = 1 / (9 * d).squareRoot()
    while true {
      let normal = random.normal(), root = 1 + c * normal
      guard root > 0 else { continue }
      let v = root * root * root, u = max(random.uniform(), .leastNormalMagnitude)
      if logf(u) < 0.5 * normal * normal + d - d * v + d * logf(v) { return d * v * powf(max(random.uniform(), .leastNormalMagnitude), 1 / alpha) }
    }
  }
}
