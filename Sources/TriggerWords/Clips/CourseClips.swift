public import Media

extension PCMClip {
  /// Lays `clip` over this one at a place that is free, and takes that place: the course's `insert_audio_clip`.
  ///
  /// - Parameters:
  ///   - segments: the places that are taken; the new one is added.
  ///   - draw: a whole number from 0 up to, not including, the given one.
  /// - Returns: the mixed clip and the place; this clip and nil when no free place was drawn.
  public func inserting(_ clip: PCMClip, avoiding segments: inout [Segment], draw: (Int) -> Int) -> (clip: PCMClip, segment: Segment?) {
    let place = Segment.placed(milliseconds: clip.milliseconds, in: milliseconds, avoiding: segments, draw: draw)
    guard let segment = place else { return (self, nil) }
    segments.append(segment)
    return (overlaid(with: clip.spread(over: channels), atMilliseconds: segment.start), segment)
  }
}

/// Labels of the course, one a step of the network: after the step in which the word ends, 50 steps are 1, as many of them as the clip has.
///
///     y[t] = 1  for ⌊end · steps / length⌋ < t ≤ ⌊end · steps / length⌋ + 50
///
/// - Parameters:
///   - labels: [steps]; what is 1 already stays.
///   - milliseconds: when the word ends.
///   - length: of the clip, in milliseconds.
public func insertOnes(_ labels: inout [Float], segmentEnd milliseconds: Int, length: Int = 10_000, count: Int = 50) {
  let end = Int(Double(milliseconds * labels.count) / Double(length))
  for step in max(end + 1, 0)..<max(end + 1 + count, 0) where step < labels.count { labels[step] = 1 }
}
