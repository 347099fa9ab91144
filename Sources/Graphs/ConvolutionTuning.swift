import Kernels
import Synchronization

/// How long each algorithm took for each convolution on this machine, as the pass ``Graph/choosingAlgorithms(by:for:preparation:)`` measured it.
///
/// A time that is known is not measured again, so that a choice stays what it was: results differ in their last digits between algorithms. ``text`` keeps the times
/// for the next process.
public final class ConvolutionTuning: Sendable {
  private struct State {
    /// Convolution → algorithm → microseconds.
    var times: [Convolution: [ConvolutionAlgorithm: Double]] = [:]
    var measured: Set<Convolution> = []
  }
  private let state = Mutex(State())

  public init() {}

  /// How many convolutions were measured since the times were read.
  public var measuredCount: Int { state.withLock { $0.measured.count } }

  /// A convolution on some kernels and threads, told by all that its time depends on. The activation is left out, for it hardly takes any.
  struct Convolution: Hashable {
    let text: String

    init(_ problem: ConvolutionProblem, on processor: Processor) {
      func maps(_ maps: FeatureMaps) -> String {
        "\(maps.batch)×\(maps.channels)×\(maps.height)×\(maps.width) in \(maps.layout.lanes) lanes, border \(maps.layout.border)"
      }
      text = "\(processor.kernels.name), \(processor.threads.threadCount) threads: \(maps(problem.input)) to \(maps(problem.output)), "
        + "\(problem.kernelHeight)×\(problem.kernelWidth), stride \(problem.stride), dilation \(problem.dilation), from \(problem.top) and \(problem.left), "
        + "groups \(problem.groups)" + (problem.residual.map { ", sum in border \($0.layout.border)" } ?? "") + (problem.isPooled ? ", pooled" : "")
    }

    fileprivate init(text: Substring) { self.text = String(text) }
  }

  func isKnown(_ algorithm: ConvolutionAlgorithm, of convolution: Convolution) -> Bool {
    state.withLock { $0.times[convolution]?[algorithm] != nil }
  }

  /// The algorithm that took the least time, of those that are known.
  func fastest(of algorithms: [ConvolutionAlgorithm], for convolution: Convolution) -> ConvolutionAlgorithm? {
    let times = state.withLock { $0.times[convolution] ?? [:] }
    return algorithms.filter { times[$0] != nil }.min { times[$0]! < times[$1]! }
  }

  func record(_ microseconds: Double, of algorithm: ConvolutionAlgorithm, for convolution: Convolution) {
    state.withLock { state in
      state.times[convolution, default: [:]][algorithm] = min(state.times[convolution]?[algorithm] ?? .infinity, microseconds)
      state.measured.insert(convolution)
    }
  }

  /// A line a convolution and algorithm, in alphabetical order: what it is, a tab, the algorithm, a tab, microseconds.
  public var text: String {
    let lines = state.withLock { state in
      state.times.flatMap { convolution, times in times.map { "\(convolution.text)\t\($0.key)\t\(($0.value * 100).rounded() / 100)\n" } }
    }
    return lines.sorted().joined()
  }

  /// Reads what ``text`` gave; nil when it is something else.
  public convenience init?(_ text: String) {
    self.init()
    var times: [Convolution: [ConvolutionAlgorithm: Double]] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 3, let algorithm = ConvolutionAlgorithm.all.first(where: { $0.description == fields[1] }),
        let microseconds = Double(fields[2]), microseconds.isFinite, microseconds >= 0
      else { return nil }
      times[Convolution(text: fields[0]), default: [:]][algorithm] = microseconds
    }
    state.withLock { $0.times = times }
  }
}
