import Tensors

/// Notices within a few steps that a picture goes astray.
struct DivergenceWatch {
  private var first: Double?
  private var best = Double.infinity
  private var firstDeviation: Double?
  private var grown = 0

  /// The loss may be so many times the first.
  static let growthLimit = 4.0
  /// A picture with less than this part of the deviation that it began with is grey.
  static let greyLimit = 0.05

  /// - Parameters:
  ///   - loss: before the step.
  ///   - pixels: after it.
  /// - Returns: what is wrong, nil if nothing is.
  mutating func problem(after loss: Double, _ pixels: Tensor, of network: PerceptualNetwork) -> String? {
    guard loss.isFinite else { return "the loss is no finite number" }
    let deviation = pixels.deviation
    guard deviation.isFinite else { return "a pixel is no finite number" }
    let reference = first ?? loss
    first = reference
    grown = loss > Self.growthLimit * max(reference, 1e-9) ? grown + 1 : 0
    if grown >= 3 { return "the loss grew from \(rounded(reference)) to \(rounded(loss))" }
    let before = firstDeviation ?? deviation
    firstDeviation = before
    if before > 4, deviation < Self.greyLimit * before { return "the picture lost its contrast" }
    if deviation > 1000 { return "the picture left the range of colours" }
    return nil
  }

  private func rounded(_ loss: Double) -> Double { (loss * 1000).rounded() / 1000 }
}
