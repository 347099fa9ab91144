/// How far a picture is from its content and its styles, each as a part of what a picture without any features would have: 0 is reached, 1 is far.
public struct StyleLosses: Sendable, Hashable {
  public struct Layer: Sendable, Hashable {
    public let name: String
    public let loss: Double
  }
  /// Σ (F − P)² / Σ P² of each layer's features F and those of the content P.
  public let contentLayers: [Layer]
  /// Σ (G − A)² / Σ A² of each layer's Gram matrix G and that of the style A; the mean over regions.
  public let styleLayers: [Layer]
  /// The mean of the squared differences of neighbouring pixels, from 0 to 1 each.
  public let variation: Double
  /// Means over the layers.
  public var content: Double { mean(contentLayers) }
  public var style: Double { mean(styleLayers) }
  /// The weighted sum of all three: what is made small.
  public let total: Double

  private func mean(_ layers: [Layer]) -> Double { layers.reduce(0) { $0 + $1.loss } / Double(max(1, layers.count)) }
}
