/// e^x, within 2 units in the last place; 0 and ∞ beyond the range of floats, NaN for NaN.
///
/// e^x = 2ⁿ · e^r with n = ⌊x / ln 2 + ½⌋ and |r| ≤ ½ ln 2; e^r by the polynomial of the Cephes library (Moshier 1989).
@inlinable @inline(__always) func exponential<V: Lanes>(_ x: V) -> V {
  let bounded = V.min(V(repeating: 89), V.max(V(repeating: -104), x))
  let n = V.floor(V.multiplyAdd(bounded, V(repeating: 1.442_695_04), V(repeating: 0.5)))
  var r = V.multiplyAdd(n, V(repeating: -0.693_359_375), bounded)
  r = V.multiplyAdd(n, V(repeating: 2.121_944_4e-4), r)
  var p = V(repeating: 1.987_569_15e-4)
  p = V.multiplyAdd(p, r, V(repeating: 1.398_199_950_7e-3))
  p = V.multiplyAdd(p, r, V(repeating: 8.333_451_907_3e-3))
  p = V.multiplyAdd(p, r, V(repeating: 4.166_579_589_4e-2))
  p = V.multiplyAdd(p, r, V(repeating: 1.666_666_545_9e-1))
  p = V.multiplyAdd(p, r, V(repeating: 5.000_000_120_1e-1))
  p = V.multiplyAdd(p, r * r, r + V(repeating: 1))
  // 2ⁿ in two factors: n reaches from −150 to 128, further than the exponent of a float.
  let half = V.floor(n * V(repeating: 0.5))
  return p * V.powerOfTwo(half) * V.powerOfTwo(n - half)
}

/// 1 / (1 + e^−x)
@inlinable @inline(__always) func logisticFunction<V: Lanes>(_ x: V) -> V {
  let one = V(repeating: 1)
  return one / (one + exponential(V.zero - x))
}

/// tanh x: a polynomial (Cephes) where |x| < 0.625, else 1 − 2 / (e^2x + 1).
@inlinable @inline(__always) func hyperbolicTangent<V: Lanes>(_ x: V) -> V {
  let square = x * x
  var p = V(repeating: -5.704_988_727_45e-3)
  p = V.multiplyAdd(p, square, V(repeating: 2.063_908_879_54e-2))
  p = V.multiplyAdd(p, square, V(repeating: -5.373_971_555_31e-2))
  p = V.multiplyAdd(p, square, V(repeating: 1.333_144_220_36e-1))
  p = V.multiplyAdd(p, square, V(repeating: -3.333_328_194_22e-1))
  let small = V.multiplyAdd(p * square, x, x)
  let one = V(repeating: 1)
  let large = one - V(repeating: 2) / (exponential(x + x) + one)
  return V.select(square, lessThan: V(repeating: 0.625 * 0.625), small, else: large)
}
