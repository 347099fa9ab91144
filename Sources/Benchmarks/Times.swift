import Glibc

/// How long each of several runs of the same work took.
public struct Times: Sendable {
  /// In ascending order.
  public let milliseconds: [Double]

  public var count: Int { milliseconds.count }
  public var min: Double { milliseconds[0] }
  public var max: Double { milliseconds[count - 1] }
  public var median: Double { (milliseconds[(count - 1) / 2] + milliseconds[count / 2]) / 2 }

  /// - Precondition: at least one time.
  package init(seconds: [Double]) {
    precondition(!seconds.isEmpty)
    milliseconds = seconds.map { $0 * 1e3 }.sorted()
  }
}

/// How long, or how often, work is repeated to measure it.
public enum Repetition: Sendable {
  case runs(Int)
  /// As long as this, but at least three times and at most 10,000.
  case seconds(Double)
}

/// The times of `body`, which is run at least once before they are taken.
func times(_ repetition: Repetition, of body: () -> Void) -> Times {
  timesTold(repetition) {
    let start = monotonicSeconds()
    body()
    return monotonicSeconds() - start
  }
}

/// The times of work that tells itself how many seconds of a run count.
func timesTold(_ repetition: Repetition, by seconds: () -> Double) -> Times {
  var taken: [Double] = []
  switch repetition {
  case .runs(let count):
    _ = seconds()
    for _ in 0..<max(1, count) { taken.append(seconds()) }
  case .seconds(let limit):
    let start = monotonicSeconds()
    repeat { _ = seconds() } while monotonicSeconds() - start < limit / 10  // caches, threads and clock rate settle
    let end = monotonicSeconds() + limit
    while taken.count < 3 || (monotonicSeconds() < end && taken.count < 10_000) { taken.append(seconds()) }
  }
  return Times(seconds: taken)
}

/// Seconds of a clock that never goes back.
func monotonicSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
