public import Learning

/// What a stylisation weighs and how it goes on.
public struct StyleSettings: Sendable, Hashable {
  public enum Colors: String, Sendable, CaseIterable {
    /// The style's.
    case style
    /// The content's hues and saturations; only brightness is stylised.
    case luminance
    /// The style's own colours are first brought to the content's mean and covariance.
    case histogram
  }
  public enum Start: String, Sendable, CaseIterable { case content, noise }
  public enum Method: String, Sendable, CaseIterable { case lbfgs, adam }

  /// The longer side of the result, in pixels.
  public var size = 512
  /// The style's longer side as a part of the content's.
  public var styleScale = 1.0
  /// Steps at the largest scale; the others have as many.
  public var iterations = 50
  /// How many sizes there are, each half of the next.
  public var scales = 3
  public var contentWeight = 1.0
  public var styleWeight = 6.0
  public var variationWeight = 1.0
  /// How much each style counts, if they are blended: in proportion.
  public var blend: [Double] = []
  public var colors = Colors.style
  public var start = Start.content
  public var method = Method.lbfgs
  /// Of Adam, in grey levels; of L-BFGS, the part of its usual step.
  public var learningRate: Double?
  public var seed: UInt64 = 1
  public var pooling = VGGFeatures.Pooling.average
  public var contentLayers = ["relu4_2"]
  public var styleLayers = ["relu2_1", "relu3_1", "relu4_1"]
  /// Bytes that a run may take, about; nil for as many as the picture as a whole needs.
  public var memoryLimit: Int?

  public init() {}

  /// The longer sides of the scales, the smallest first.
  var sides: [Int] { (0..<max(1, scales)).reversed().map { size >> $0 }.filter { $0 == size || $0 >= Self.smallestSide } }

  /// Below this there is too little to see for the deeper layers.
  static let smallestSide = 64
}
