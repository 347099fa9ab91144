import Glibc
public import Tensors

/// The picture turned about its middle by an angle drawn evenly from −`degrees` to `degrees`; edges are repeated into the corners that it leaves.
public struct RandomRotation: Augmentation {
  public let degrees: Float

  public init(degrees: Float = 15) {
    precondition(degrees > 0 && degrees <= 180, "an angle above 0 and up to 180 degrees, found \(degrees)")
    self.degrees = degrees
  }

  public func change(_ picture: inout Pixels, using random: inout RandomNumbers) {
    let angle = random.uniform(in: -degrees..<degrees) * .pi / 180, cosine = cosf(angle), sine = sinf(angle)
    let middleX = Float(picture.width - 1) / 2, middleY = Float(picture.height - 1) / 2
    picture = picture.sampled { x, y in
      (middleX + cosine * (x - middleX) - sine * (y - middleY), middleY + sine * (x - middleX) + cosine * (y - middleY))
    }
  }
}
