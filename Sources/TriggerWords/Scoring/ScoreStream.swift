import Graphs
import Kernels
import Learning
import Spectra
import Tensors

/// Scores of a sound that comes block by block: for each step the probability that the phrase has just ended. The same numbers, bit for bit, however the sound is cut;
/// memory is constant.
///
/// The network always makes as many steps at once, whatever the blocks are. One thread at a time may use it.
public final class ScoreStream {
  /// Samples a second of what it is given.
  public let sampleRate: Int
  /// Seconds from a score to the next: score i, from 0, is about the sound up to (i + 1) · stepSeconds.
  public let stepSeconds: Double
  private let network: TriggerNetwork
  private let features: FeatureStream
  private let arena: Arena
  /// Frames that the next windows need: [count, width].
  private var frames: Frames
  /// What the network carries on; and what it is after silence.
  private var carried, silent: [Tensor]

  init(_ network: TriggerNetwork, processor: Processor) throws(SpectraError) {
    self.network = network
    sampleRate = network.frontEnd.sampleRate
    stepSeconds = network.stepSeconds
    features = try FeatureStream(network.frontEnd)
    let recorder = Recorder(), x = recorder.input("sound", [1, network.frontEnd.width, network.windowFrames])
    let past = network.carried.enumerated().map { recorder.input("carried\($0.offset)", $0.element) }, (logits, next) = network(x, after: past)
    // A few steps of the causal network are too little for more threads than one.
    let own = network.carried.isEmpty ? processor : Processor(kernels: processor.kernels, threadCount: 1)
    arena = Arena(for: recorder.graph(returning: [logits] + next).compiled(for: own, preparation: .quick))
    carried = network.carried.map { Tensor($0) }
    silent = []
    frames = Self.silence(network, network.windowFrames)
    // Before the sound lies silence, whose features are 0.
    if !carried.isEmpty { for _ in 0...network.context / network.hop { _ = run(from: 0) } }
    silent = carried
    frames = Self.silence(network, network.windowFrames - network.hop * network.stride)
  }

  private static func silence(_ network: TriggerNetwork, _ count: Int) -> Frames {
    Frames(width: network.frontEnd.width, values: [Float](repeating: 0, count: count * network.frontEnd.width))
  }

  /// Seconds after a sound until the last score that it may change is out.
  public var latencySeconds: Double { Double(network.hop) * stepSeconds }

  /// The scores that are complete with these samples, of one channel.
  public func push(_ samples: [Float]) -> [Float] {
    frames.append(features.push(samples))
    var scores: [Float] = [], first = 0
    while frames.count - first >= network.windowFrames {
      scores += run(from: first)
      first += network.hop * network.stride
    }
    if first > 0 { frames.values.removeFirst(first * frames.width) }
    return scores
  }

  /// The scores up to ``tail`` after the end, as if silence followed. The stream is then ready for another sound.
  public func finish() -> [Float] {
    let window = Double(network.hop * network.stride * network.frontEnd.hop)
    let scores = push([Float](repeating: 0, count: Int(Self.tail * Double(sampleRate) + window)))
    frames = Self.silence(network, network.windowFrames - network.hop * network.stride)
    carried = silent
    features.restart()
    return scores
  }

  /// In seconds: a phrase at the very end is still heard.
  public static let tail = 0.4

  private func run(from first: Int) -> [Float] {
    let width = frames.width, count = network.windowFrames
    var input = [Float](repeating: 0, count: width * count)
    for frame in 0..<count {
      for place in 0..<width { input[place * count + frame] = frames.values[(first + frame) * width + place] }
    }
    arena.setInput(0, to: Tensor([1, width, count], input))
    for index in carried.indices { arena.setInput(index + 1, to: carried[index]) }
    arena.run()
    for index in carried.indices { carried[index] = arena.output(index + 1) }
    return arena.output(0).elements.map(logistic)
  }
}
