/// The kernels of one instruction set for numbers smaller than a float; beside ``KernelTable``, since their instructions came later and are few.
public struct DotKernelTable: Sendable {
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

  /// - Parameter bytePixel: something as large as a pixel of ``lanes`` channels of a byte each.
  @inlinable @inline(__always)
  public init<V: DotLanes, BytePixel>(_ name: String, _: V.Type, bytePixel: BytePixel.Type) {
    self.name = name
    lanes = V.count
    tileRows = V.tileRows
    quantizeBytes = { KernelTemplates.quantizeBytes(V.self, $0, $1, $2, count: $3) }
    roundToUpperHalves = { KernelTemplates.roundToUpperHalves(V.self, $0, $1, count: $2) }
    packPairs = { KernelTemplates.packPairs(V.self, $0, $1, count: $2) }
    multiplyBytes = { multiplySmallSegments(Bytes<V>.self, BytePixel.self, $0) }
    multiplyPairs = nil
  }

  /// - Parameter pairPixel: something as large as a pixel of ``lanes`` channels of two bytes each.
  @inlinable @inline(__always)
  public init<V: PairLanes, BytePixel, PairPixel>(_ name: String, _: V.Type, bytePixel: BytePixel.Type, pairPixel: PairPixel.Type) {
    self.name = name
    lanes = V.count
    tileRows = V.tileRows
    quantizeBytes = { KernelTemplates.quantizeBytes(V.self, $0, $1, $2, count: $3) }
    roundToUpperHalves = { KernelTemplates.roundToUpperHalves(V.self, $0, $1, count: $2) }
    packPairs = { KernelTemplates.packPairs(V.self, $0, $1, count: $2) }
    multiplyBytes = { multiplySmallSegments(Bytes<V>.self, BytePixel.self, $0) }
    multiplyPairs = { multiplySmallSegments(Pairs<V>.self, PairPixel.self, $0) }
  }
}
