public import Kernels
import Media

/// The scores of a sound of any rate and channels that comes block by block: mixed to one channel, brought to the network's rate, and heard. The same however the
/// sound is cut; memory is constant. One thread at a time may use it.
public final class SoundScorer {
  public let sampleRate, channels: Int
  /// Seconds from a score to the next.
  public var stepSeconds: Double { stream.stepSeconds }
  /// Seconds of sound that have come.
  public var seconds: Double { Double(frameCount) / Double(sampleRate) }
  /// Seconds after a sound until the last score about it is out, at most.
  public var latencySeconds: Double { stream.latencySeconds + Self.resamplerSeconds }
  private static let resamplerSeconds = 0.05
  private let stream: ScoreStream
  private let resampler: Resampler?
  private var frameCount = 0

  /// - Parameter sampleRate: frames a second of the sound.
  /// - Throws: `AudioError` when the rate is too far from the network's, `SpectraError` when a library is missing.
  public init(_ model: TriggerModel, sampleRate: Int, channels: Int, processor: Processor) throws {
    precondition(sampleRate > 0 && channels > 0, "a sound has at least 1 Hz and 1 channel, found \(sampleRate) and \(channels)")
    self.sampleRate = sampleRate
    self.channels = channels
    stream = try model.scores(processor: processor)
    resampler = sampleRate == stream.sampleRate ? nil : try Resampler(from: sampleRate, to: stream.sampleRate, quality: .fast)
  }

  /// The scores that are complete with these interleaved samples of whole frames.
  public func push(_ samples: [Float]) throws -> [Float] {
    frameCount += samples.count / channels
    let mono = mixedToMono(samples, channels: channels)
    return stream.push(try resampler?.push(mono) ?? mono)
  }

  /// The rest; a phrase at the very end is heard as if silence followed.
  public func finish() throws -> [Float] {
    let rest = try resampler?.finish() ?? []
    return stream.push(rest) + stream.finish()
  }
}
