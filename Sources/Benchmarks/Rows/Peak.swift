import Kernels

extension Benchmark {
  /// Multiplications and additions in registers, on all threads: what the other rows could reach, under the same conditions.
  static let peak: [Benchmark] = [
    Benchmark("peak") { processor in
      let burst = PeakBurst(processor)
      return PreparedBenchmark(work: .multiplyAdds(burst.multiplyAdds)) { burst.run() }
    }
  ]
}

/// Chains of multiplications and additions that keep every unit busy.
struct PeakBurst {
  private let processor: Processor
  /// Long enough for a thread that has parked to take its part.
  private static let rounds = 400_000

  init(_ processor: Processor) { self.processor = processor }

  /// Of all threads.
  var multiplyAdds: Int { 12 * processor.kernels.lanes * Self.rounds * processor.threads.threadCount }

  func run() {
    processor.threads.forEach(processor.threads.threadCount, processor.kernels) { kernels, _, _ in
      if kernels.sustainMultiplyAdds(Self.rounds, 0.5) == 0 { fatalError("a sum of squares is never 0") }  // used, so that it is not left out
    }
  }
}
