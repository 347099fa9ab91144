import Kernels

/// One row of `percept bench`: work that is checked, then timed.
///
/// A row is a declaration in `Rows/`, listed in ``all``.
public struct Benchmark: Sendable {
  /// Such as `vgg16 fp32` or `max pooling 2×2/2 64×224×224`.
  public let name: String
  private let make: @Sendable (Processor) throws(BenchmarkError) -> PreparedBenchmark

  /// - Parameter make: prepares the work and checks its result; the error says by how much it is wrong.
  init(_ name: String, make: @escaping @Sendable (Processor) throws(BenchmarkError) -> PreparedBenchmark) {
    self.name = name
    self.make = make
  }

  /// The rows of the speed table, then operations by themselves.
  public static let all: [Benchmark] = networks + products + peak + trainingSteps + spectra + trainingKernels + convolutions + denseOperations + movements

  /// The rows whose names contain `text`, in any case and with `x` for `×`; all of them for no text.
  public static func matching(_ text: String) -> [Benchmark] {
    func plain(_ name: String) -> String { String(name.lowercased().map { $0 == "×" ? "x" : $0 }) }
    let wanted = plain(text)
    return all.filter { wanted.isEmpty || plain($0.name).contains(wanted) }
  }

  /// The work, ready to be timed: its result has been compared with another way to compute it.
  public func prepare(on processor: Processor) throws(BenchmarkError) -> PreparedBenchmark { try make(processor) }
}

/// A row's work with everything ready but the run.
public struct PreparedBenchmark {
  public let work: Work
  /// How the result is computed where there is a choice; else empty.
  public let detail: String
  private let seconds: () -> Double

  /// - Parameter seconds: does the work once and returns how long it took.
  init(work: Work, detail: String = "", seconds: @escaping () -> Double) {
    self.work = work
    self.detail = detail
    self.seconds = seconds
  }

  /// - Parameter run: does the work once.
  init(work: Work, detail: String = "", run: @escaping () -> Void) {
    self.init(work: work, detail: detail) {
      let start = monotonicSeconds()
      run()
      return monotonicSeconds() - start
    }
  }

  public func measure(_ repetition: Repetition) -> Times { timesTold(repetition, by: seconds) }
}

/// A result that is not what it should be: its kernel is not timed.
public struct BenchmarkError: Error, CustomStringConvertible {
  let row: String
  let difference, tolerance: Float

  public var description: String {
    "\(row): the result differs from the reference by \(difference) of the largest value, expected at most \(tolerance); this is a bug"
  }
}
