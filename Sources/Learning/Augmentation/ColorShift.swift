public import Tensors

/// c′ = (c − mean) · contrast + mean · brightness · tint, cut to 0…255: other light, and other colours of it.
///
/// The mean is that of the map. Contrast and brightness are drawn evenly from 1 ± `amount`, the tint of each map from 1 ± `tint`.
public struct ColorShift: Augmentation {
  public let amount, tint: Float

  public init(amount: Float = 0.25, tint: Float = 0.05) {
    precondition((0...1).contains(amount) && (0...1).contains(tint), "amounts from 0 to 1, found \(amount) and \(tint)")
    self.amount = amount
    self.tint = tint
  }

  public func change(_ picture: inout Pixels, using random: inout RandomNumbers) {
    func factor(_ amount: Float) -> Float { 1 + amount * (2 * random.uniform() - 1) }
    let contrast = factor(amount), brightness = factor(amount), size = picture.height * picture.width
    for channel in 0..<picture.channels {
      let mean = picture.mean(ofMap: channel), shifted = mean * brightness * factor(tint)
      for place in channel * size..<(channel + 1) * size {
        picture.values[place] = min(255, max(0, (picture.values[place] - mean) * contrast + shifted))
      }
    }
  }
}
