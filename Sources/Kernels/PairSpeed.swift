import Glibc
import KernelTemplates

extension Processor {
  /// Whether the instruction for pairs of bf16 does more than one product of floats in its time: on some processors it does less. Results do not
  /// depend on it.
  var hasFastPairs: Bool { dotKernels?.multiplyPairs != nil && Self.arePairsFast }

  /// Measured once, in some tens of microseconds, with the kernels that come with the instruction.
  private static let arePairsFast: Bool = {
    guard let dots = supportedDotKernels.last(where: { $0.multiplyPairs != nil }), let multiplyPairs = dots.multiplyPairs,
      let kernels = supportedKernels.last(where: { $0.lanes == dots.lanes })
    else { return false }
    let segments = 16, lanes = dots.lanes, a = AlignedFloats([], paddedTo: segments * lanes * dots.tileRows)
    let b = AlignedFloats([], paddedTo: segments * lanes * 2 * lanes), c = AlignedFloats([], paddedTo: 2 * lanes * dots.tileRows)
    func seconds(pixel: Int, _ multiply: (SegmentProduct) -> Void) -> Double {
      let offsets = AlignedInts((0..<segments).map { $0 * pixel * dots.tileRows })
      let product = SegmentProduct(
        rows: 1, width: dots.tileRows, a: UnsafePointer(a.base), aRowStep: 0, offsets: UnsafePointer(offsets.base), segments: segments,
        b: UnsafePointer(b.base), c: c.base, cRowStep: 0, cBlockStep: lanes * dots.tileRows, cPixelStep: lanes, vectors: 2)
      var least = Double.infinity
      for _ in 0..<5 {
        var start = timespec(), end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &start)
        for _ in 0..<3 { multiply(product) }
        clock_gettime(CLOCK_MONOTONIC, &end)
        least = min(least, Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) * 1e-9)
      }
      withExtendedLifetime(offsets) {}
      return least
    }
    return seconds(pixel: lanes / 2, multiplyPairs) < seconds(pixel: lanes, kernels.multiplySegments)
  }()
}
