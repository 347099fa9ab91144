/// Floats that begin on a cache line and free themselves: packed weights, arenas. Contents are undefined until written.
public final class AlignedFloats: @unchecked Sendable {  // written by one owner before it is shared
  public let count: Int
  package let base: UnsafeMutablePointer<Float>

  public init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(to: Float.self, capacity: count)
  }

  /// `values`, and zeros up to `count`.
  public convenience init(_ values: [Float], paddedTo count: Int) {
    self.init(count: count)
    for index in 0..<count { base[index] = index < values.count ? values[index] : 0 }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
