public import Media

/// What was found in one picture, and how long that took.
public struct PictureDetections: Sendable {
  public var picture: LoadedImage
  /// The most certain one first.
  public var detections: [Detection]
  /// The times to read and decode the file, to run the network, and for all of it.
  public var decodeMilliseconds, networkMilliseconds, totalMilliseconds: Double
}
