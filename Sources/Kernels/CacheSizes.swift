import Glibc

/// How large the second-level cache of a core is, in bytes, as the system tells; a usual size where it does not.
///
/// Blocks of work are cut by it. Results never depend on it: a sum is taken in the same order however it is cut.
public struct CacheSizes: Sendable {
  public let secondLevel: Int

  public static let machine = CacheSizes(
    secondLevel: size(Int32(_SC_LEVEL2_CACHE_SIZE), within: 128 << 10...8 << 20, usual: 512 << 10))

  private static func size(_ name: Int32, within range: ClosedRange<Int>, usual: Int) -> Int {
    let size = sysconf(name)
    return size > 0 ? min(max(size, range.lowerBound), range.upperBound) : usual
  }
}
