/// s[i] ← factor · factor + s[i], `rounds` times for twelve vectors s[i] that stay in registers; returns a float of their sum.
///
/// Nothing but multiplications and additions, in as many independent chains as hide their latency and leave registers free on every instruction set: the most
/// arithmetic that a core does in the time this takes, 24 · lanes · `rounds` operations. Other kernels are measured against it.
@inlinable @inline(__always)
public func sustainMultiplyAdds<V: Lanes>(_: V.Type, rounds: Int, factor: Float) -> Float {
  let x = V(repeating: factor)
  var sums = InlineArray<12, V>(repeating: V.zero)
  for i in 0..<12 { sums[unchecked: i] = V(repeating: Float(i)) }  // chains that differ, or one would be computed for all
  for _ in 0..<rounds {
    for i in 0..<12 { sums[unchecked: i] = V.multiplyAdd(x, x, sums[unchecked: i]) }
  }
  var total = V.zero
  for i in 0..<12 { total = total + sums[unchecked: i] }
  return withUnsafeTemporaryAllocation(of: Float.self, capacity: V.count) { buffer in
    let base = buffer.baseAddress.unsafelyUnwrapped
    total.store(base)
    return base[0]
  }
}
