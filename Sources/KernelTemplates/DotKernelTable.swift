/// The kernels of one instruction set for numbers smaller than a float; beside ``KernelTable``, since their instructions came later and are few.
public struct DotKernelTable: Sendable {
  /// Such as `avx512`, with `dot` after it where the instruction set has dot products.
  public let name: String
  /// Lanes of 32 bits in a vector.
  public let lanes: Int
  public let tileRows: Int

  public let quantizeBytes: @Sendable (ByteScale, UnsafePointer<Float>, UnsafeMutablePointer<UInt8>, _ count: Int) -> Void
  public let roundToUpperHalves: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  public let packPairs: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<UInt32>, _ count: Int) -> Void
  public let multiplyBytes: @Sendable (SegmentProduct) -> Void
  /// Nil where there is no instruction for pairs. Products of rounded floats, as ``KernelTable/multiplySegments`` computes them, have the same bits.
  public var multiplyPairs: (@Sendable (SegmentProduct) -> Void)?

  @inlinable @inline(__always)
  public init<V: DotLanes>(_ name: String, _: V.Type) {
    self.name = name
    lanes = V.count
    tileRows = V.tileRows
    quantizeBytes = { KernelTemplates.quantizeBytes(V.self, $0, $1, $2, count: $3) }
    roundToUpperHalves = { KernelTemplates.roundToUpperHalves(V.self, $0, $1, count: $2) }
    packPairs = { KernelTemplates.packPairs(V.self, $0, $1, count: $2) }
    multiplyBytes = { multiplySmallSegments(Bytes<V>.self, V.BytePixel.self, $0) }
  }

  @inlinable @inline(__always)
  public init<V: PairLanes>(withPairs name: String, _: V.Type) {
    self.init(name, V.self)
    multiplyPairs = { multiplySmallSegments(Pairs<V>.self, V.PairPixel.self, $0) }
  }
}
