/// A part of a clip, in milliseconds, both ends included: a word of 916 ms that is laid at 2254 takes 2254 to 3169.
///
/// The course's building blocks (Deep Learning Specialization, course 5, week 3), by its rules.
public struct Segment: Sendable, Hashable {
  public let start, end: Int

  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// Whether the segment has a millisecond in common with one of `others`.
  public func isOverlapping(_ others: [Segment]) -> Bool { others.contains { start <= $0.end && end >= $0.start } }

  /// Times that a place is drawn again when it is taken.
  public static let retries = 6

  /// A place for `milliseconds` in a clip of `length` milliseconds that overlaps none of `others`: drawn, and while it is taken, drawn again up to
  /// six times.
  ///
  /// - Parameter draw: a whole number from 0 up to, not including, the given one.
  /// - Returns: nil when every place that was drawn is taken, or the clip is too short.
  public static func placed(
    milliseconds: Int, in length: Int = 10_000, avoiding others: [Segment], draw: (Int) -> Int
  ) -> Segment? {
    guard milliseconds < length, milliseconds > 0 else { return nil }
    for _ in 0...retries {
      let start = draw(length - milliseconds), segment = Segment(start, start + milliseconds - 1)
      if !segment.isOverlapping(others) { return segment }
    }
    return nil
  }
}
