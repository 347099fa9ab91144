import CSamplerate

/// Changes the rate of a sound block by block, by band-limited interpolation through libsamplerate (Smith 1984). However the sound is cut into
/// blocks, the samples that come out are the same. This file is the only one that knows the library. One thread at a time may use it.
@safe public final class Resampler {
  /// The library's sinc converters: signal to noise 144, 121 and 97 dB.
  public enum Quality: Int32, Sendable, CaseIterable { case best = 0, medium, fast }

  public let sourceRate: Int
  public let targetRate: Int
  public let channels: Int
  private let handle: OpaquePointer?
  private var taken = 0
  private var given = 0

  /// - Throws: ``AudioError`` when the rates differ more than 256 times, or the library is not installed.
  public init(from sourceRate: Int, to targetRate: Int, channels: Int = 1, quality: Quality = .best) throws(AudioError) {
    precondition(
      sourceRate > 0 && targetRate > 0 && channels > 0, "rates and channels are positive, found \(sourceRate), \(targetRate) and \(channels)")
    self.sourceRate = sourceRate
    self.targetRate = targetRate
    self.channels = channels
    guard sourceRate != targetRate else {
      unsafe handle = nil
      return
    }
    var message = [CChar](repeating: 0, count: Int(PERCEPT_RESAMPLER_MESSAGE))
    let opened = unsafe percept_resampler_open(quality.rawValue, Int32(clamping: channels), Double(targetRate) / Double(sourceRate), &message)
    unsafe handle = opened
    if unsafe opened == nil { throw failure(message) }
  }

  deinit { if let handle = unsafe handle { unsafe percept_resampler_close(handle) } }

  /// What can be said of the sound up to the end of this block of whole frames.
  public func push(_ samples: [Float]) throws(AudioError) -> [Float] {
    precondition(samples.count % channels == 0, "\(samples.count) samples are no whole frames of \(channels) channels")
    taken += samples.count / channels
    return try convert(samples, isLast: false)
  }

  /// The rest, after the last block: all blocks together have ⌈frames × targetRate / sourceRate⌉ frames.
  public func finish() throws(AudioError) -> [Float] {
    guard unsafe handle != nil else { return [] }
    let (whole, part) = taken.quotientAndRemainder(dividingBy: sourceRate)
    let wanted = (whole * targetRate + (part * targetRate + sourceRate - 1) / sourceRate - given) * channels
    var rest = try convert([], isLast: true)
    if rest.count > wanted { rest.removeLast(rest.count - max(wanted, 0)) }
    if rest.count < wanted { rest += [Float](repeating: 0, count: wanted - rest.count) }
    return rest
  }

  private func convert(_ samples: [Float], isLast: Bool) throws(AudioError) -> [Float] {
    guard let handle = unsafe handle else { return samples }
    var result: [Float] = []
    var place = 0
    let room = 4096
    var block = [Float](repeating: 0, count: room * channels)
    var message = [CChar](repeating: 0, count: Int(PERCEPT_RESAMPLER_MESSAGE))
    while true {
      var used: Int64 = 0
      var generated: Int64 = 0
      let isDone = unsafe samples.withUnsafeBufferPointer { input in
        // The library wants an address even where there are no samples.
        let empty: [Float] = [0]
        return unsafe empty.withUnsafeBufferPointer { empty in
          unsafe percept_resampler_process(
            handle, input.baseAddress.map { unsafe $0 + place * channels } ?? empty.baseAddress, Int64(samples.count / channels - place),
            &block, Int64(room), isLast ? 1 : 0, &used, &generated, &message)
        }
      }
      guard isDone == 1 else { throw failure(message) }
      place += Int(used)
      given += Int(generated)
      result += block.prefix(Int(generated) * channels)
      if generated == 0 && (used == 0 || place * channels == samples.count) { return result }
    }
  }

  private func failure(_ message: [CChar]) -> AudioError {
    let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return AudioError(path: "sound", kind: .notResampled(from: sourceRate, to: targetRate, reason: reason))
  }
}
