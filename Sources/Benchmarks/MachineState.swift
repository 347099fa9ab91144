import Glibc
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
    processorName = Self.processorName() ?? "unknown processor"
    instructionSet = processor.kernels.name
    threads = processor.threads.threadCount
    peakPerCore = Self.peakPerCore(processor)
    dispatchMicroseconds = Self.dispatchMicroseconds(processor)
  }

  private static func peakPerCore(_ processor: Processor) -> Double {
    // Long enough for a thread that has parked to take its part, and often enough that it always does.
    let rounds = 400_000, threads = processor.threads.threadCount
    let times = times(.seconds(0.08)) {
      processor.threads.forEach(threads, processor.kernels) { kernels, _, _ in
        if kernels.sustainMultiplyAdds(rounds, 0.5) == 0 { fatalError("a sum of squares is never 0") }  // used, so that it is not left out
      }
    }
    return Double(24 * processor.kernels.lanes * rounds) / times.min / 1e6
  }

  private static func dispatchMicroseconds(_ processor: Processor) -> Double {
    let batch = 200
    let times = times(.runs(25)) { for _ in 0..<batch { processor.threads.forEach(2, ()) { _, _, _ in } } }
    return times.median * 1e3 / Double(batch)
  }

  /// The line `model name` of /proc/cpuinfo.
  private static func processorName() -> String? {
    guard let file = unsafe fopen("/proc/cpuinfo", "r") else { return nil }
    defer { unsafe fclose(file) }
    var line = [UInt8](repeating: 0, count: 512)
    let capacity = Int32(line.count)
    while unsafe line.withUnsafeMutableBytes({ unsafe fgets($0.baseAddress!.assumingMemoryBound(to: CChar.self), capacity, file) }) != nil {
      let text = String(decoding: line.prefix { $0 != 0 && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
      return String(text[text.index(after: colon)...].drop { $0 == " " })
    }
    return nil
  }
}
