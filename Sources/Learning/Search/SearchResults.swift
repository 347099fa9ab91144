/// What came of trials, the best first.
public struct SearchResults: Sendable {
  public enum Direction: Hashable, Sendable { case lowerIsBetter, higherIsBetter }

  public struct Row: Hashable, Sendable {
    public let trial: Trial
    /// NaN of a trial that diverged: it comes last.
    public let score: Double
    /// How much was spent on it, in the caller's unit, if that differs between trials.
    public let budget: Int?
  }

  /// Those of the largest budget first, then by score, then in the order of trials.
  public let rows: [Row]
  public let direction: Direction

  public init(_ rows: [Row], _ direction: Direction) {
    self.direction = direction
    self.rows = rows.sorted { a, b in
      if a.budget != b.budget { return (a.budget ?? 0) > (b.budget ?? 0) }
      if direction.isBetter(a.score, b.score) { return true }
      return direction.isBetter(b.score, a.score) ? false : a.trial.number < b.trial.number
    }
  }

  /// The scores of all trials, by `evaluate`.
  public init<Failure: Error>(of trials: [Trial], _ direction: Direction, _ evaluate: (Trial) throws(Failure) -> Double) throws(Failure) {
    var rows: [Row] = []
    for trial in trials { rows.append(Row(trial: trial, score: try evaluate(trial), budget: nil)) }
    self.init(rows, direction)
  }

  /// The best trial; nil of none.
  public var best: Row? { rows.first }

  /// The results as a table: names, and a line for each row.
  public var table: (columns: [String], lines: [[String]]) {
    let hasBudgets = rows.contains { $0.budget != nil }
    let columns = ["trial"] + (rows.first?.trial.names ?? []) + (hasBudgets ? ["budget"] : []) + ["score"]
    let lines = rows.map { row in
      ["\(row.trial.number)"] + row.trial.values.map(\.description) + (hasBudgets ? [row.budget.map { "\($0)" } ?? ""] : [])
        + ["\(roundedToDigits(row.score, 6))"]
    }
    return (columns, lines)
  }
}

extension SearchResults.Direction {
  /// Whether one score is better than another; every number is better than NaN.
  func isBetter(_ a: Double, _ b: Double) -> Bool {
    if a.isNaN || b.isNaN { return !a.isNaN && b.isNaN }
    return self == .lowerIsBetter ? a < b : a > b
  }
}
