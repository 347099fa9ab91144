import Graphs
import Kernels
import Learning
import Spectra
import Tensors

/// Scores of a sound that comes block by block: for each step the probability that the phrase has just ended. The same numbers, bit for bit, however the sound is cut;
/// memory holds a window.
///
/// Every few steps the network hears a window that holds them and all that they depend on. One thread at a time may use it.
public final class ScoreStream {
  /// Samples a second of what it is given.
  public let sampleRate: Int
  /// Seconds from a score to the next: score i, from 0, is about the sound up to (i + 1) · stepSeconds.
  public let stepSeconds: Double
  private let network: TriggerNetwork
  private let features: FeatureStream
  private let arena: Arena
  private let windowFrames: Int
  /// Frames that the next windows need: [count, width].
  private var frames: Frames
  private var given = 0

  init(_ network: TriggerNetwork, processor: Processor) throws(SpectraError) {
    self.network = network
    sampleRate = network.frontEnd.sampleRate
    stepSeconds = network.stepSeconds
    features = try FeatureStream(network.frontEnd)
    windowFrames = (network.context + network.hop) * network.stride + network.overhang
    let recorder = Recorder(), x = recorder.input("sound", [1, network.frontEnd.width, windowFrames])
    arena = Arena(for: recorder.graph(returning: [network(x, phase: .inference)]).compiled(for: processor, preparation: .quick))
    // Before the sound lies silence, whose features are 0.
    let before = windowFrames - network.hop * network.stride
    frames = Frames(width: network.frontEnd.width, values: [Float](repeating: 0, count: before * network.frontEnd.width))
  }

  /// Seconds after a sound until the last score that it may change is out.
  public var latencySeconds: Double { Double(network.hop) * stepSeconds }

  /// The scores that are complete with these samples, of one channel.
  public func push(_ samples: [Float]) -> [Float] {
    frames.append(features.push(samples))
    var scores: [Float] = [], first = 0
    while frames.count - first >= windowFrames {
      scores += run(from: first)
      first += network.hop * network.stride
    }
    if first > 0 { frames.values.removeFirst(first * frames.width) }
    given += scores.count
    return scores
  }

  /// The scores up to ``tail`` after the end, as if silence followed.
  public func finish() -> [Float] {
    let window = Double(network.hop * network.stride * network.frontEnd.hop)
    return push([Float](repeating: 0, count: Int(Self.tail * Double(sampleRate) + window)))
  }

  /// In seconds: a phrase at the very end is still heard.
  public static let tail = 0.4

  private func run(from first: Int) -> [Float] {
    let width = frames.width, count = windowFrames
    var input = [Float](repeating: 0, count: width * count)
    for frame in 0..<count {
      for place in 0..<width { input[place * count + frame] = frames.values[(first + frame) * width + place] }
    }
    arena.setInput(0, to: Tensor([1, width, count], input))
    arena.run()
    return arena.output(0).elements.suffix(network.hop).map(logistic)
  }
}
