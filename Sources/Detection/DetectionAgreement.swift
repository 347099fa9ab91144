/// How alike two detectors' findings in the same pictures are: those of one are the reference.
///
/// A detection of the reference is found again by the other's detection of the same class whose box overlaps it most, by at least one half (IoU),
/// each taken once, the most certain first.
public struct DetectionAgreement: Sendable, Equatable {
  public private(set) var pictures = 0
  /// Detections of the reference, of the other, and those that both have.
  public private(set) var expected = 0, found = 0, matched = 0
  private var overlapSum = 0.0, differenceSum = 0.0
  /// The least overlap of two boxes and the greatest difference of two confidences.
  public private(set) var leastOverlap = 1.0, greatestDifference = 0.0

  public init() {}

  public var meanOverlap: Double { matched > 0 ? overlapSum / Double(matched) : 1 }
  public var meanDifference: Double { matched > 0 ? differenceSum / Double(matched) : 0 }

  /// Counts one picture.
  public mutating func add(expected reference: [Detection], found others: [Detection]) {
    pictures += 1
    expected += reference.count
    found += others.count
    var rest = others
    for detection in reference {
      let near = rest.indices.filter { rest[$0].classIndex == detection.classIndex }
        .max { rest[$0].box.intersectionOverUnion(detection.box) < rest[$1].box.intersectionOverUnion(detection.box) }
      guard let near else { continue }
      let overlap = rest[near].box.intersectionOverUnion(detection.box)
      guard overlap >= 0.5 else { continue }
      let difference = Double(abs(rest[near].confidence - detection.confidence))
      matched += 1
      overlapSum += overlap
      differenceSum += difference
      leastOverlap = min(leastOverlap, overlap)
      greatestDifference = max(greatestDifference, difference)
      rest.remove(at: near)
    }
  }
}
