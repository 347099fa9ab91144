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

  /// Runs `program` on random inputs, in turn as a whole and with a clock around each step: the machine's speed may change meanwhile.
  public init(of program: Program, _ repetition: Repetition) {
    let arena = Arena(for: program)
    arena.setInputs(randomInputs(of: program))
    var ofRuns: [Double] = [], ofSteps: [[Double]] = []
    runs = times(repetition) {
      let start = monotonicSeconds()
      arena.run()
      ofRuns.append(monotonicSeconds() - start)
      ofSteps.append(arena.profile())
    }.count
    let counted = ofSteps.suffix(runs)  // without those before the clock ran
    let medians = program.steps.indices.map { step in Times(seconds: counted.map { $0[step] }).median }
    let sum = medians.reduce(0, +)
    steps = zip(program.steps, medians).enumerated().map { index, entry in
      Step(index: index, step: entry.0, milliseconds: entry.1, share: sum > 0 ? entry.1 / sum : 0)
    }
    milliseconds = sum
    wholeRunMilliseconds = Times(seconds: Array(ofRuns.suffix(runs))).median
    plannedBytes = program.memoryPlan.arenaCount * MemoryLayout<Float>.stride
    naiveBytes = program.memoryPlan.naiveCount * MemoryLayout<Float>.stride
  }

  /// What all steps do together.
  public var work: Work { Work(of: steps.map(\.step)) }
}
