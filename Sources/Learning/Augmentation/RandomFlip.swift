public import Tensors

/// Half of the pictures become their mirror images: left is right. Not for letters, or for hands of which left and right differ.
public struct RandomFlip: Augmentation {
  public init() {}

  public func change(_ picture: inout Pixels, using random: inout RandomNumbers) {
    guard random.uniform() < 0.5 else { return }
    for row in 0..<picture.channels * picture.height {
      picture.values[row * picture.width..<(row + 1) * picture.width].reverse()
    }
  }
}
