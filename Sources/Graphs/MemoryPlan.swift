/// Where in one arena each value of a program lies: values whose lifetimes do not overlap may share memory.
///
/// Offline first fit by decreasing size (Pisarchyk & Lee 2020, “greedy by size”): each value goes to the lowest gap that the values placed before it, and
/// alive at the same time, leave.
public struct MemoryPlan: Sendable {
  /// A value that needs memory from step `first` to step `last`, both included.
  struct Request {
    var count: Int
    var first, last: Int
  }

  /// Where each request lies, in floats from the start of the arena.
  let offsets: [Int]
  /// How many floats the arena holds.
  public let arenaCount: Int
  /// How many floats all values take together: the arena's size without reuse.
  public let naiveCount: Int

  /// Values begin on a cache line.
  private static let alignment = 16

  init(_ requests: [Request]) {
    func padded(_ count: Int) -> Int { (count + Self.alignment - 1) / Self.alignment * Self.alignment }
    var offsets = [Int](repeating: 0, count: requests.count)
    var placed: [Int] = []  // by offset
    var end = 0
    for index in requests.indices.sorted(by: { (requests[$0].count, $1) > (requests[$1].count, $0) }) {
      let request = requests[index]
      var offset = 0
      for other in placed where requests[other].first <= request.last && request.first <= requests[other].last {
        if offset + padded(request.count) <= offsets[other] { break }
        offset = max(offset, offsets[other] + padded(requests[other].count))
      }
      offsets[index] = offset
      end = max(end, offset + padded(request.count))
      placed.insert(index, at: placed.firstIndex { offsets[$0] > offset } ?? placed.count)
    }
    self.offsets = offsets
    arenaCount = end
    naiveCount = requests.reduce(0) { $0 + padded($1.count) }
  }
}
