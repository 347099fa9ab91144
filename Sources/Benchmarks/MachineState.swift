import Kernels

/// What the machine can do at this moment: figures of one run are only comparable beside it.
public struct MachineState: Sendable {
  /// The name that the processor gives itself.
  public let processorName: String
  /// `avx512`, `avx2` or `baseline`.
  public let instructionSet: String
  public let threads: Int
  /// The most multiplications and additions that a core does in a second, in 10⁹, while all threads compute.
  public let peakPerCore: Double
  /// The median time of handing work that is nothing to two threads, in microseconds. On a virtual machine it tells whether two processors are one core, which is
  /// when this takes a fraction of the time and ``peakPerCore`` is half of what it is otherwise.
  public let dispatchMicroseconds: Double

  /// Measures: this takes some 100 milliseconds.
  public init(of processor: Processor) {
    processorName = Processor.machineName
    instructionSet = processor.kernels.name
    threads = processor.threads.threadCount
    peakPerCore = Self.peakPerCore(processor)
    dispatchMicroseconds = Self.dispatchMicroseconds(processor)
  }

  private static func peakPerCore(_ processor: Processor) -> Double {
    let burst = PeakBurst(processor), times = times(.seconds(0.08)) { burst.run() }
    return Work.multiplyAdds(burst.multiplyAdds).rate(milliseconds: times.min) / Double(processor.threads.threadCount)
  }

  private static func dispatchMicroseconds(_ processor: Processor) -> Double {
    let batch = 200
    let times = times(.runs(25)) { for _ in 0..<batch { processor.threads.forEach(2, ()) { _, _, _ in } } }
    return times.median * 1e3 / Double(batch)
  }
}
