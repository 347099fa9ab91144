public import Kernels
import Learning
public import Spectra
import Synchronization
import Tensors

/// What a network learns from: clips of one length, as what it hears and what it is to say.
public struct TriggerExamples: Sendable {
  public let frontEnd: FrontEnd
  /// Frames that the network is given of each clip, and its steps that count.
  let frames, steps: Int
  /// The network's steps before those, which hear the silence that lies before a clip.
  let lead: Int
  private let leadFrames: Int
  private let stepSeconds: Double
  /// Seconds of silence after each clip.
  private let tail: Double
  private var clips: [Clip]

  private struct Clip: Sendable {
    /// [width, frames]
    var features: [Float]
    /// In seconds.
    var phrases: [ClosedRange<Double>]
  }

  public var count: Int { clips.count }
  public var phraseCount: Int { clips.reduce(0) { $0 + $1.phrases.count } }
  /// Of all clips together.
  public var seconds: Double { Double(count * steps) * stepSeconds }

  /// Clips as `make` makes them, several at once.
  ///
  /// - Parameters:
  ///   - seconds: the length of each; longer ones are cut, shorter ones end in silence.
  ///   - make: the clip of a number, at the front end's rate; called from several threads.
  ///   - progress: told how many are done; false ends it.
  /// - Returns: nil if `progress` ended it.
  public static func make(
    _ count: Int, seconds: Double, for network: TriggerNetwork, processor: Processor = .default, _ make: @escaping @Sendable (Int) -> TrainingClip,
    progress: (Int) -> Bool = { _ in true }
  ) throws(SpectraError) -> TriggerExamples? {
    var examples = TriggerExamples(seconds: seconds, network)
    _ = try FeatureStream(network.frontEnd)  // fails here if anywhere
    let pool = processor.threads
    let perRound = 16 * pool.threadCount
    for first in Swift.stride(from: 0, to: count, by: perRound) {
      let round = Round(first: first, count: min(perRound, count - first), examples, make)
      pool.forEach(round.count, round) { round, _, index in round.run(index) }
      examples.clips += round.clips.withLock { $0 }.map { $0! }
      guard progress(examples.clips.count) else { return nil }
    }
    return examples
  }

  private init(seconds: Double, _ network: TriggerNetwork) {
    frontEnd = network.frontEnd
    stepSeconds = network.stepSeconds
    // As in a stream, silence follows; but the course's network learns from whole clips of ten seconds, and begins to hear with each.
    tail = network.kind == .course ? 0 : ScoreStream.tail
    let whole = Int((seconds + tail) * Double(frontEnd.sampleRate)) / frontEnd.hop
    lead = network.kind == .course ? 0 : network.context
    steps = (whole - network.overhang) / network.stride
    leadFrames = lead * network.stride
    frames = leadFrames + steps * network.stride + network.overhang
    clips = []
  }

  /// Clips that are made at once.
  private final class Round: Sendable {
    let first, count: Int
    let clips: Mutex<[Clip?]>
    private let examples: TriggerExamples
    private let make: @Sendable (Int) -> TrainingClip

    init(first: Int, count: Int, _ examples: TriggerExamples, _ make: @escaping @Sendable (Int) -> TrainingClip) {
      self.first = first
      self.count = count
      self.examples = examples
      self.make = make
      clips = Mutex([Clip?](repeating: nil, count: count))
    }

    func run(_ index: Int) {
      let clip = examples.clip(make(first + index))
      clips.withLock { $0[index] = clip }
    }
  }

  private func clip(_ made: TrainingClip) -> Clip {
    precondition(made.sampleRate == frontEnd.sampleRate, "a clip at \(made.sampleRate) Hz, expected \(frontEnd.sampleRate)")
    guard let stream = try? FeatureStream(frontEnd) else { fatalError("FFTW went away") }
    let silence = [Float](repeating: 0, count: Int(tail * Double(frontEnd.sampleRate)))
    let found = stream.push(made.samples + silence), width = frontEnd.width, before = leadFrames
    var features = [Float](repeating: 0, count: width * frames)
    for frame in 0..<min(found.count, frames - before) {
      for place in 0..<width { features[place * frames + before + frame] = found.values[frame * width + place] }
    }
    return Clip(features: features, phrases: made.phrases)
  }

  /// What the network hears, [indices, width, frames].
  func inputs(_ indices: [Int]) -> Tensor {
    var tensor = Tensor([indices.count, frontEnd.width, frames])
    let each = frontEnd.width * frames
    tensor.withMutableSpan { target in
      for (place, index) in indices.enumerated() {
        let features = clips[index].features
        for offset in 0..<each { target[place * each + offset] = features[offset] }
      }
    }
    return tensor
  }

  /// In seconds: for how long after the phrase the answer is 1, as in the course (50 of 1,375 steps of ten seconds), and around that for how long any answer will do.
  static let answer = 50.0 / 137.5, before = 0.12, after = 0.1

  /// What it is to say, and how much each step counts: [indices, steps].
  func targets(_ indices: [Int]) -> (answers: Tensor, weights: Tensor) {
    var answers = Tensor([indices.count, steps]), weights = Tensor([indices.count, steps], repeating: 1)
    func fill(_ tensor: inout Tensor, _ row: Int, _ from: Double, _ to: Double, _ value: Float) {
      let first = max(0, Int(from / stepSeconds)), last = min(steps, Int(to / stepSeconds))
      guard first < last else { return }
      tensor.withMutableSpan { target in for step in first..<last { target[row * steps + step] = value } }
    }
    for (row, index) in indices.enumerated() {
      for phrase in clips[index].phrases {
        let end = phrase.upperBound
        fill(&weights, row, end - Self.before, end, 0)
        fill(&weights, row, end + Self.answer, end + Self.answer + Self.after, 0)
        fill(&answers, row, end, end + Self.answer, 1)
      }
    }
    return (answers, weights)
  }

  /// What a network said of each clip, for counting: see ``TriggerEvaluation``.
  func clipScores(_ scores: (_ clip: Int) -> [Float]) -> [ClipScores] {
    clips.enumerated().map {
      ClipScores(path: "clip \($0.offset)", seconds: Double(steps) * stepSeconds, stepSeconds: stepSeconds, scores: scores($0.offset), phrases: $0.element.phrases)
    }
  }

  /// The largest score of each phrase, from just before its end to the end of its answer, and of each second without one.
  func peaks(_ scores: (_ clip: Int) -> [Float]) -> ScorePeaks {
    var peaks = ScorePeaks(hours: seconds / 3600)
    let second = Int(1 / stepSeconds)
    for (index, clip) in clips.enumerated() {
      let own = scores(index)
      var isFree = [Bool](repeating: true, count: steps)
      for phrase in clip.phrases {
        let first = max(0, Int((phrase.upperBound - 0.15) / stepSeconds)), last = min(steps, Int((phrase.upperBound + 0.5) / stepSeconds))
        guard first < last else { continue }
        peaks.phrases.append(own[first..<last].max()!)
        for step in max(0, first - second / 4)..<min(steps, last + second / 4) { isFree[step] = false }
      }
      for first in Swift.stride(from: 0, to: steps, by: second) {
        let free = (first..<min(first + second, steps)).filter { isFree[$0] }
        if let most = free.map({ own[$0] }).max() { peaks.others.append(most) }
      }
    }
    return peaks
  }
}

/// What a network made of clips: how sure it was where the phrase was, and where it was not.
struct ScorePeaks: Sendable {
  var phrases: [Float] = [], others: [Float] = []
  let hours: Double

  init(hours: Double) { self.hours = hours }

  /// The smallest threshold with at most so many false accepts an hour.
  func threshold(falseAcceptsPerHour rate: Double) -> Float {
    let sorted = others.sorted(by: >), allowed = Int(rate * hours)
    guard allowed < sorted.count else { return 0 }
    return sorted[allowed].nextUp
  }

  func recall(threshold: Float) -> Double {
    phrases.isEmpty ? 0 : Double(phrases.count { $0 >= threshold }) / Double(phrases.count)
  }

  /// The mean recall at 1, 4, 16 and 64 false accepts an hour: one number that every step of training moves.
  var meanRecall: Double { [1.0, 4, 16, 64].reduce(0) { $0 + recall(threshold: threshold(falseAcceptsPerHour: $1)) } / 4 }
}
