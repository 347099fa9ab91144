import Foundation
import Learning
import Tensors
import Testing

@Suite struct SearchTests {
  static func space() throws -> SearchSpace {
    try SearchSpace([
      ("rate", .logarithmic(1e-4...1)), ("momentum", .linear(0.5...1)), ("units", .integers(10...12)),
      ("method", .choices([.text("adam"), .text("momentum")])),
    ])
  }

  @Test func gridsHaveEveryCombination() throws {
    let trials = try Self.space().grid(pointsEach: 5)
    #expect(trials.count == 5 * 5 * 3 * 2 && Set(trials.map(\.values)).count == trials.count && trials.map(\.number) == Array(0..<150))
    let rates = Set(trials.map { $0["rate"].number }).sorted()
    #expect(rates == [0.0001, 0.001, 0.01, 0.1, 1])
    #expect(Set(trials.map { $0["momentum"].number }).sorted() == [0.5, 0.625, 0.75, 0.875, 1])
    #expect(Set(trials.map { $0["units"].number }) == [10, 11, 12])
    #expect(trials[0]["method"] == .text("adam") && trials[1]["method"] == .text("momentum"))
    #expect(try SearchSpace([("n", .integers(0...100))]).grid(pointsEach: 3).map { $0["n"].number } == [0, 50, 100])
    #expect(try SearchSpace([("n", .linear(2...2))]).grid(pointsEach: 3).count == 1 && SearchSpace([]).grid(pointsEach: 3).count == 1)
    #expect(try SearchSpace([("n", .integers(.min ... .max))]).grid(pointsEach: 2).count == 2)
  }

  @Test func randomTrialsFollowTheScale() throws {
    let trials = try Self.space().random(4_000, seed: 1)
    let rates = trials.map { log10($0["rate"].number) }
    for decade in -4..<0 { #expect(abs(rates.count { $0 >= Double(decade) && $0 < Double(decade + 1) } - 1_000) < 150) }
    #expect(rates.allSatisfy { $0 >= -4 && $0 <= 0 })
    let momenta = trials.map { $0["momentum"].number }
    #expect(momenta.allSatisfy { (0.5...1).contains($0) } && abs(momenta.reduce(0, +) / 4_000 - 0.75) < 0.01)
    for units in 10...12 { #expect(abs(trials.count { $0["units"].number == Double(units) } - 1_333) < 200) }
    #expect(abs(trials.count { $0["method"] == .text("adam") } - 2_000) < 200)
    for value in trials.prefix(200).map({ $0["rate"] }) { #expect("\(value)".filter(\.isNumber).drop { $0 == "0" }.count <= 7, "\(value)") }
  }

  @Test func seedsFixTrialsAndMoreBeginWithTheSame() throws {
    let space = try Self.space()
    #expect(space.random(20, seed: 1) == Array(space.random(50, seed: 1).prefix(20)) && space.random(20, seed: 1) != space.random(20, seed: 2))
    for trial in try SearchSpace([("n", .integers(.min ... .max))]).random(20, seed: 1) { #expect(trial["n"].number.isFinite) }
  }

  @Test func spacesThatAreNot() {
    #expect(throws: SearchError.repeatedName("a")) { try SearchSpace([("a", .linear(0...1)), ("a", .linear(0...1))]) }
    #expect(throws: SearchError.noChoices(name: "a")) { try SearchSpace([("a", .choices([]))]) }
    #expect(throws: SearchError.notPositive(name: "a", found: 0)) { try SearchSpace([("a", .logarithmic(0...1))]) }
    #expect(throws: SearchError.notFinite(name: "a")) { try SearchSpace([("a", .linear(0...Double.infinity))]) }
    #expect(throws: SearchError.notFinite(name: "a")) { try SearchSpace([("a", .linear(-1e308...1e308))]) }
    #expect(throws: SearchError.tooManyTrials(limit: SearchSpace.gridLimit)) { try Self.space().grid(pointsEach: 1_000) }
    #expect(throws: SearchError.tooManyTrials(limit: SearchSpace.gridLimit)) { try Self.space().grid(pointsEach: .max) }
  }

  @Test func resultsAreSorted() throws {
    let trials = try SearchSpace([("x", .choices([.number(3), .number(1), .number(2), .number(0.25)]))]).grid(pointsEach: 4)
    let lower = SearchResults(of: trials, .lowerIsBetter) { $0["x"].number == 1 ? .nan : $0["x"].number }
    #expect(lower.rows.map { $0.trial["x"].number } == [0.25, 2, 3, 1] && lower.best?.score == 0.25)
    let higher = SearchResults(of: trials, .higherIsBetter) { $0["x"].number == 1 ? .nan : $0["x"].number }
    #expect(higher.rows.map { $0.trial["x"].number } == [3, 2, 0.25, 1])
    #expect(lower.table.columns == ["trial", "x", "score"])
    #expect(lower.table.lines == [["3", "0.25", "0.25"], ["2", "2", "2.0"], ["0", "3", "3.0"], ["1", "1", "nan"]])
    #expect(SearchResults(of: trials, .lowerIsBetter) { _ in 1 }.rows.map(\.trial.number) == [0, 1, 2, 3])
    #expect(SearchResults([], .lowerIsBetter).best == nil)
  }

  @Test func halvingKeepsTheBest() throws {
    let halving = SuccessiveHalving(minimumBudget: 1, maximumBudget: 27)
    #expect(halving.rounds(trialCount: 27).map { [$0.trials, $0.budget] } == [[27, 1], [9, 3], [3, 9], [1, 27]])
    let short = SuccessiveHalving(minimumBudget: 2, maximumBudget: 5, factor: 2)
    #expect(short.rounds(trialCount: 7).map { [$0.trials, $0.budget] } == [[7, 2], [4, 4], [2, 5]])
    #expect(SuccessiveHalving(minimumBudget: .max, maximumBudget: .max).rounds(trialCount: 9).count == 1 && halving.rounds(trialCount: 0).isEmpty)
    let trials = try SearchSpace([("x", .linear(0...1))]).random(27, seed: 5)
    var spent = 0
    // Judgements become better with the budget, but the best is good from the start.
    let results = halving.run(trials, .lowerIsBetter) { trial, budget in
      spent += budget
      return abs(trial["x"].number - 0.5) + (trial.number % 2 == 0 ? 0.001 / Double(budget) : 0)
    }
    #expect(spent == 27 + 27 + 27 + 27 && results.rows.count == 27)
    let best = trials.min { abs($0["x"].number - 0.5) < abs($1["x"].number - 0.5) }
    #expect(results.best?.trial == best && results.best?.budget == 27)
    #expect(results.rows.map { $0.budget! } == [27] + [9, 9] + [Int](repeating: 3, count: 6) + [Int](repeating: 1, count: 18))
    #expect(results.table.columns == ["trial", "x", "budget", "score"])
    #expect(halving.run([], .lowerIsBetter) { _, _ in 1 }.rows.isEmpty)
  }
}
