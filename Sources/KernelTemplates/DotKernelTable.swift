/// The kernels of one instruction set for numbers smaller than a float; beside ``KernelTable``, since their instructions came later and are few.
public final class DotKernelTable: Sendable {
  /// `vnni` where there are instructions for dot products, else as ``KernelTable/name``.
  public let name: String
  /// Lanes of 32 bits in a vector.
  public let lanes: Int
  public let tileRows: Int

  public let quantizeBytes: @Sendable (ByteScale, UnsafePointer<Float>, UnsafeMutablePointer<UInt8>, _ count: Int) -> Void
  public let roundToUpperHalves: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let packPairs: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<UInt32>, _ count: Int) -> Void
  public let multiplyBytes: @Sendable (SegmentProduct) -> Void
  /// Nil where there is no instruction for pairs. Products of rounded floats, as ``KernelTable/multiplySegments`` computes them, have the same bits.
  public let multiplyPairs: (@Sendable (SegmentProduct) -> Void)?

  @inlinable @inline(__always)
  public init<V: Lanes>(_ name: String, _: V.Type, hasPairs: Bool = false) {
    self.name = name
    lanes = V.count
    tileRows = V.tileRows
    quantizeBytes = { KernelTemplates.quantizeBytes(V.self, $0, $1, $2, count: $3) }
    roundToUpperHalves = { KernelTemplates.roundToUpperHalves(V.self, $0, $1, count: $2) }
    packPairs = { KernelTemplates.packPairs(V.self, $0, $1, count: $2) }
    multiplyBytes = { multiplySmallSegments(V.self, InlineArray<4, Bool>.self, $0) }
    if hasPairs { multiplyPairs = { multiplySmallSegments(V.self, InlineArray<2, Bool>.self, $0) } } else { multiplyPairs = nil }
  }
}
