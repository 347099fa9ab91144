import Media

/// Which of a network's proposals are detections.
public struct DetectionOptions: Sendable {
  /// The least confidence.
  public var threshold: Float = 0.25
  public var suppression = NonMaximumSuppression()
  public var fit = PictureFit.letterbox
  /// The places of the classes that are wanted, nil for all.
  public var classes: Set<Int>?
  /// Pictures of more pixels are refused before memory is asked for.
  public var largestPixelCount = DecodingOptions().largestPixelCount

  public init() {}
}
