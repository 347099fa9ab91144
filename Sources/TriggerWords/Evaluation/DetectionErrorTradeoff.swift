extension TriggerEvaluation {
  /// Below this no threshold is tried.
  static let floor: Float = 0.01

  /// False rejects against false accepts, by rising threshold: the detection error tradeoff. Thresholds are the heights of the scores' peaks, where alone the counts change
  /// much: the highest `limit` / 2 of them, and as many of the rest at equal distances; and one above all.
  ///
  /// Martin et al., "The DET curve in assessment of detection task performance", 1997.
  public func curve(limit: Int = 200) -> [Counts] {
    let peaks = Set(clips.flatMap { $0.peaks(floor: Self.floor) }).filter(\.isFinite).sorted()
    let high = peaks.suffix(limit / 2), rest = peaks.dropLast(limit / 2), wanted = min(limit - high.count, rest.count)
    let low = (0..<wanted).map { rest[rest.startIndex + $0 * rest.count / wanted] }
    let above = peaks.last.map { $0.nextUp } ?? 0.5  // where nothing is heard any more
    return (low + high + (above <= 1 ? [above] : [])).map { counts(at: $0) }
  }

  /// The lowest threshold of `curve` from which on there are at most `rate` false accepts an hour; nil where none reaches it.
  public static func threshold(in curve: [Counts], falseAcceptsPerHour rate: Double) -> Counts? {
    guard let last = curve.lastIndex(where: { $0.falseAcceptsPerHour > rate }) else { return curve.first }
    return last + 1 < curve.count ? curve[last + 1] : nil
  }
}
