/// An object that was found in a picture.
public struct Detection: Sendable, Hashable {
  public var label: String
  /// The place of ``label`` in the model's list of classes, from 0.
  public var classIndex: Int
  /// Between 0 and 1.
  public var confidence: Float
  /// In pixels of the upright original picture; it may reach outside.
  public var box: Box

  public init(label: String, classIndex: Int, confidence: Float, box: Box) {
    self.label = label
    self.classIndex = classIndex
    self.confidence = confidence
    self.box = box
  }
}

/// What a head proposes before overlapping proposals are suppressed: a ``Detection`` whose class has no name yet.
public struct Candidate: Sendable, Hashable {
  public var classIndex: Int
  public var confidence: Float
  /// As heads give it: relative to the network's input, 0…1 along both axes.
  public var box: Box

  public init(classIndex: Int, confidence: Float, box: Box) {
    self.classIndex = classIndex
    self.confidence = confidence
    self.box = box
  }
}
