/// What a network said of one clip, and what was true: four bytes a score, so an hour takes about a megabyte, and any threshold can be tried without the network.
public struct ClipScores: Sendable {
  public let path: String
  public let seconds: Double
  /// Seconds from a score to the next.
  public let stepSeconds: Double
  /// When the phrase is said, in seconds, by the ends.
  public let phrases: [ClosedRange<Double>]
  /// The scores' means over ``EventDetector/smoothing``, which are all that an ``EventDetector`` looks at.
  let means: [Float]
  /// Seconds by which they are behind the scores.
  private let delay: Double

  public init(path: String, seconds: Double, stepSeconds: Double, scores: [Float], phrases: [ClosedRange<Double>]) {
    var smoother = ScoreSmoother(stepSeconds: stepSeconds)
    self.path = path
    self.seconds = seconds
    self.stepSeconds = stepSeconds
    self.phrases = phrases
    means = scores.map { smoother.push($0) }
    delay = smoother.delay
  }

  /// The highest means near each phrase, where it is heard or not.
  func phrasePeaks(tolerance: Double) -> [Float] { phrases.map { highest(near: $0.upperBound, tolerance: tolerance) } }

  /// The highest means of each half second that is no part of a phrase and not near its end: where something else may be heard.
  func otherPeaks(tolerance: Double) -> [Float] {
    let width = max(1, Int(0.5 / stepSeconds))
    return stride(from: 0, to: means.count, by: width).compactMap { start in
      let time = Double(start) * stepSeconds - delay, end = time + Double(width) * stepSeconds
      guard !phrases.contains(where: { $0.lowerBound < end && $0.upperBound + tolerance > time }) else { return nil }
      return means[start..<min(start + width, means.count)].max()
    }
  }

  /// The highest mean within `tolerance` seconds of `time`.
  func highest(near time: Double, tolerance: Double) -> Float {
    let first = Int(((time - tolerance + delay) / stepSeconds).rounded(.up)) - 1, last = Int(((time + tolerance + delay) / stepSeconds).rounded(.down)) - 1
    return means[min(max(first, 0), means.count)..<min(max(last + 1, first, 0), means.count)].max() ?? 0
  }
}
