extension TriggerEvaluation {
  /// Below this no threshold is tried: scores of nothing at all may lie there.
  static let floor: Float = 0.02

  /// False rejects against false accepts, by rising threshold: the detection error tradeoff. Thresholds are those at which the counts change: the heights of the
  /// phrases' own peaks, `limit` / 2 of them at equal distances, as many of the highest other peaks, and one above all.
  ///
  /// Martin et al., "The DET curve in assessment of detection task performance", 1997.
  public func curve(limit: Int = 400) -> [Counts] {
    let phrases = clips.flatMap { $0.phrasePeaks(tolerance: tolerance) }.filter { $0 >= Self.floor }.sorted(), count = min(limit / 2, phrases.count)
    let others = clips.flatMap { $0.otherPeaks(tolerance: tolerance) }.filter { $0 >= Self.floor }.sorted().suffix(limit / 2)
    var thresholds = Set((0..<count).map { phrases[phrases.count - 1 - $0 * phrases.count / count] }).union(others)
    let above = thresholds.max()?.nextUp ?? 0.5  // where nothing is heard any more
    if above <= 1 { thresholds.insert(above) }
    return thresholds.sorted().map { counts(at: $0) }
  }

  /// The lowest threshold of `curve` from which on there are at most `rate` false accepts an hour; nil where none reaches it.
  public static func threshold(in curve: [Counts], falseAcceptsPerHour rate: Double) -> Counts? {
    guard let last = curve.lastIndex(where: { $0.falseAcceptsPerHour > rate }) else { return curve.first }
    return last + 1 < curve.count ? curve[last + 1] : nil
  }
}
