public import Tensors

/// A square of the picture becomes its mean colour, so that no part is relied on alone: DeVries & Taylor, “Improved regularization of convolutional neural
/// networks with cutout”, 2017. Its middle is drawn evenly from all pixels, so that it may reach over the edge.
public struct Cutout: Augmentation {
  /// The square's side as a share of the picture's shorter one.
  public let side: Float

  public init(side: Float = 0.3) {
    precondition(side > 0 && side <= 1, "a share above 0 and up to 1, found \(side)")
    self.side = side
  }

  public func change(_ picture: inout Pixels, using random: inout RandomNumbers) {
    guard picture.height > 0, picture.width > 0 else { return }
    let side = max(1, Int(side * Float(min(picture.height, picture.width))))
    let top = random.index(below: picture.height) - side / 2, left = random.index(below: picture.width) - side / 2
    let means = (0..<picture.channels).map { picture.mean(ofMap: $0) }
    for channel in 0..<picture.channels {
      for row in max(0, top)..<max(0, min(picture.height, top + side)) {
        for column in max(0, left)..<max(0, min(picture.width, left + side)) {
          picture.values[(channel * picture.height + row) * picture.width + column] = means[channel]
        }
      }
    }
  }
}
