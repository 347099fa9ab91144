/// What a network said of one clip, and what was true: four bytes a score, so an hour takes about a megabyte, and any threshold can be tried without the network.
public struct ClipScores: Sendable {
  public var path: String
  public var seconds: Double
  /// Seconds from a score to the next.
  public var stepSeconds: Double
  public var scores: [Float]
  /// When the phrase is said, in seconds, by the ends.
  public var phrases: [ClosedRange<Double>]

  public init(path: String, seconds: Double, stepSeconds: Double, scores: [Float], phrases: [ClosedRange<Double>]) {
    self.path = path
    self.seconds = seconds
    self.stepSeconds = stepSeconds
    self.scores = scores
    self.phrases = phrases
  }

  /// The highest mean over ``EventDetector/smoothing`` of each stretch in which it is at least `floor`: the thresholds at which something may change.
  func peaks(floor: Float) -> [Float] {
    var smoother = ScoreSmoother(stepSeconds: stepSeconds), peaks: [Float] = [], highest: Float?
    for score in scores {
      let mean = smoother.push(score)
      if mean >= floor {
        highest = max(highest ?? mean, mean)
      } else if let peak = highest {
        peaks.append(peak)
        highest = nil
      }
    }
    if let highest { peaks.append(highest) }
    return peaks
  }

  /// The highest mean over ``EventDetector/smoothing`` within `tolerance` seconds of `time`.
  func highest(near time: Double, tolerance: Double) -> Float {
    var smoother = ScoreSmoother(stepSeconds: stepSeconds), highest: Float = 0
    for (index, score) in scores.enumerated() {
      let mean = smoother.push(score)
      if abs(Double(index + 1) * stepSeconds - smoother.delay - time) <= tolerance { highest = max(highest, mean) }
    }
    return highest
  }
}
