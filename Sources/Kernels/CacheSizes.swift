import Glibc

/// How large the data caches of a core are, in bytes, as the system tells; usual sizes where it does not.
///
/// Blocks of work are cut by them. Results never depend on them: a sum is taken in the same order however it is cut.
public struct CacheSizes: Sendable {
  public let firstLevel, secondLevel: Int

  public static let machine = CacheSizes(
    firstLevel: size(Int32(_SC_LEVEL1_DCACHE_SIZE), within: 16 << 10...256 << 10, usual: 32 << 10),
    secondLevel: size(Int32(_SC_LEVEL2_CACHE_SIZE), within: 128 << 10...8 << 20, usual: 512 << 10))

  private static func size(_ name: Int32, within range: ClosedRange<Int>, usual: Int) -> Int {
    let size = sysconf(name)
    return size > 0 ? min(max(size, range.lowerBound), range.upperBound) : usual
  }
}
