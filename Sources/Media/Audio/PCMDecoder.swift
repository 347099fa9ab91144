/// Samples out of a stream of raw bytes: whole numbers of 16 bits, little-endian (“s16le”), sample = number / 32768. Blocks may end anywhere, in the
/// middle of a sample too.
public struct PCMDecoder: Sendable {
  private var pending: UInt8?

  public init() {}

  /// The samples that are complete now.
  public mutating func push(_ bytes: [UInt8]) -> [Float] {
    var samples: [Float] = []
    samples.reserveCapacity(bytes.count / 2 + 1)
    for byte in bytes {
      guard let low = pending else {
        pending = byte
        continue
      }
      samples.append(Float(Int16(bitPattern: UInt16(byte) << 8 | UInt16(low))) / 32768)
      pending = nil
    }
    return samples
  }

  /// Ends the stream. All samples before a cut one have been given out.
  ///
  /// - Throws: ``AudioError`` of kind ``AudioError/Kind/cutInSample`` when one byte of a sample is left.
  public func finish(path: String) throws(AudioError) {
    if pending != nil { throw AudioError(path: path, kind: .cutInSample) }
  }
}
