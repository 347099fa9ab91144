public import Media
public import Tensors

/// M(x, y) = Σ_c w[c] · f[c](x, y): how much each part of a picture speaks for a class; below 0 where it speaks against it.
///
/// Zhou et al., “Learning deep features for discriminative localization”, 2016. The mean over all places is what the class's logit is made of.
public struct ClassMap: Sendable {
  public let width, height: Int
  /// Row by row.
  public let values: [Float]
  /// The part of the picture that the map covers, in pixels.
  public let area: Rectangle

  /// - Parameters:
  ///   - features: the first of [batch, channels, height, width].
  ///   - weights: of each channel.
  public init(features: Tensor, weights: [Float], area: Rectangle) {
    precondition(features.shape.rank == 4 && features.shape[1] == weights.count, "\(weights.count) weights for features of \(features.shape)")
    let size = features.shape[2] * features.shape[3], source = features.span
    var values = [Float](repeating: 0, count: size)
    for (channel, weight) in weights.enumerated() {
      for place in 0..<size { values[place] += weight * source[channel * size + place] }
    }
    (width, height) = (features.shape[3], features.shape[2])
    self.values = values
    self.area = area
  }
}
