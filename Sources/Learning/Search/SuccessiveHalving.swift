/// All trials get a small budget, the best share 1 / η of them η times as much, and so on: Jamieson and Talwalkar, "Non-stochastic best arm
/// identification and hyperparameter optimization", 2016.
///
///     let results = SuccessiveHalving(minimumBudget: 1, maximumBudget: 27).run(space.random(27, seed: 1), .lowerIsBetter) { trial, epochs in
///       lossOnDevSet(trainedWith: trial, epochs: epochs)
///     }
public struct SuccessiveHalving: Hashable, Sendable {
  /// What the first round gives to a trial, in the caller's unit: epochs, examples.
  public let minimumBudget: Int
  /// What no round exceeds.
  public let maximumBudget: Int
  /// η
  public let factor: Int

  public init(minimumBudget: Int, maximumBudget: Int, factor: Int = 3) {
    precondition(minimumBudget > 0 && maximumBudget >= minimumBudget && factor >= 2, "budgets grow from at least 1 by a factor of at least 2")
    self.minimumBudget = minimumBudget
    self.maximumBudget = maximumBudget
    self.factor = factor
  }

  /// How many trials each round has, and what each of them gets.
  public func rounds(trialCount: Int) -> [(trials: Int, budget: Int)] {
    guard trialCount > 0 else { return [] }
    var rounds = [(trials: trialCount, budget: minimumBudget)]
    while let last = rounds.last, last.trials > 1, last.budget < maximumBudget {
      let (budget, overflow) = last.budget.multipliedReportingOverflow(by: factor)
      rounds.append(((last.trials - 1) / factor + 1, overflow ? maximumBudget : min(budget, maximumBudget)))
    }
    return rounds
  }

  /// The results of all trials, each with the largest budget that it got.
  ///
  /// - Parameter evaluate: the score of a trial that has had `budget` in all. A trial that is called again may go on where it was.
  public func run<Failure: Error>(
    _ trials: [Trial], _ direction: SearchResults.Direction, _ evaluate: (_ trial: Trial, _ budget: Int) throws(Failure) -> Double
  ) throws(Failure) -> SearchResults {
    var left = trials, ended: [SearchResults.Row] = []
    let rounds = rounds(trialCount: trials.count)
    for (number, round) in rounds.enumerated() {
      var rows: [SearchResults.Row] = []
      for trial in left { rows.append(.init(trial: trial, score: try evaluate(trial, round.budget), budget: round.budget)) }
      let ranked = SearchResults(rows, direction).rows, kept = number + 1 < rounds.count ? rounds[number + 1].trials : 0
      ended += ranked[kept...]
      left = ranked[..<kept].map(\.trial)
    }
    return SearchResults(ended, direction)
  }
}
