import Graphs
import Tensors

/// How long each step of a network takes.
public struct NetworkProfile: Sendable {
  public struct Step: Sendable {
    /// Its place in the order of execution.
    public let index: Int
    public let step: ProgramStep
    /// The median over all runs.
    public let milliseconds: Double
    /// Its part of the sum of all steps, from 0 to 1.
    public let share: Double
  }

  /// In the order of execution.
  public let steps: [Step]
  /// How often the network ran with a clock around each step.
  public let runs: Int
  /// The medians of all steps together.
  public let milliseconds: Double
  /// The median of as many runs without clocks.
  public let wholeRunMilliseconds: Double
  /// Bytes that the values take in a run: as planned, and if none shared memory with another.
  public let plannedBytes, naiveBytes: Int

  /// Runs `program` on random inputs, half of the time for the steps and half for whole runs.
  public init(of program: Program, _ repetition: Repetition) {
    let arena = Arena(for: program)
    arena.setInputs(randomInputs(of: program))
    let half: Repetition = if case .seconds(let seconds) = repetition { .seconds(seconds / 2) } else { repetition }
    let whole = times(half) { arena.run() }
    var taken = [[Double]](repeating: [], count: program.steps.count)
    for _ in 0..<whole.count { for (step, seconds) in arena.profile().enumerated() { taken[step].append(seconds * 1e3) } }
    let medians = taken.map { medianOfSorted($0.sorted()) }
    let sum = medians.reduce(0, +)
    steps = zip(program.steps, medians).enumerated().map { index, entry in
      Step(index: index, step: entry.0, milliseconds: entry.1, share: sum > 0 ? entry.1 / sum : 0)
    }
    runs = whole.count
    milliseconds = sum
    wholeRunMilliseconds = whole.median
    plannedBytes = program.memoryPlan.arenaCount * MemoryLayout<Float>.stride
    naiveBytes = program.memoryPlan.naiveCount * MemoryLayout<Float>.stride
  }

  /// GFLOP/s of all steps together.
  public var rate: Double { Work(of: steps.map(\.step)).rate(milliseconds: milliseconds) }
}
