/// Whole numbers that free themselves: the places that a kernel looks up.
final class AlignedInts: @unchecked Sendable {  // written once, before it is shared
  let base: UnsafeMutablePointer<Int>

  init(_ numbers: [Int]) {
    base = .allocate(capacity: max(1, numbers.count))
    base.initialize(from: numbers, count: numbers.count)
  }

  deinit { base.deallocate() }
}
