public import Tensors

/// A part of the picture, enlarged to its size: its area is drawn evenly from `area`, its place from all that it can have.
///
/// Szegedy et al., “Going deeper with convolutions”, 2015, without changing the ratio of the sides.
public struct RandomCrop: Augmentation {
  /// As shares of the picture's area.
  public let area: Range<Float>

  /// - Precondition: shares from above 0 to 1.
  public init(area: Range<Float> = 0.6..<1) {
    precondition(area.lowerBound > 0 && area.upperBound <= 1, "shares of an area from 0 to 1, found \(area)")
    self.area = area
  }

  public func change(_ picture: inout Pixels, using random: inout RandomNumbers) {
    let scale = random.uniform(in: area).squareRoot()
    let left = random.uniform() * (1 - scale) * Float(picture.width), top = random.uniform() * (1 - scale) * Float(picture.height)
    picture = picture.sampled { x, y in ((x + 0.5) * scale + left - 0.5, (y + 0.5) * scale + top - 0.5) }
  }
}
