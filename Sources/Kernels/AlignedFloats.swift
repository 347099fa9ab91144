import Glibc

/// Floats that begin on a cache line and free themselves: packed weights, arenas. Contents are undefined until written.
///
/// Large ones lie on huge pages where the system grants them: weights that stream through the cache once a run would else miss the translation of an address
/// every 4 KiB, where the processor's prefetching ends, too.
public final class AlignedFloats: @unchecked Sendable {  // written by one owner before it is shared
  public let count: Int
  package let base: UnsafeMutablePointer<Float>

  /// The size of a huge page, from which on they are asked for.
  private static let hugePage = 2 << 20

  public init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride, isLarge = bytes >= Self.hugePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? Self.hugePage : 64)
    if isLarge { madvise(memory, bytes, 14) }  // MADV_HUGEPAGE, which Glibc's module does not show; a refusal changes nothing
    base = memory.bindMemory(to: Float.self, capacity: count)
  }

  /// `values`, and zeros up to `count`.
  public convenience init(_ values: [Float], paddedTo count: Int) {
    self.init(count: count)
    for index in 0..<count { base[index] = index < values.count ? values[index] : 0 }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
