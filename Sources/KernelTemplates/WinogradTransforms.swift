// Winograd's minimal filtering F(m×m, 3×3) (Lavin & Gray 2016): y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A, with (m + 2)² products where a direct convolution takes 9 m².
//
// F(2×2) has the points 0, ±1, ∞; F(4×4) 0, ±1/√2, ±√2, ∞, whose error is a quarter of that of 0, ±1, ±2, ∞ at the same cost; F(6×6) 0, ±1, ±2, ±½, ∞.
// A transform takes the first m + 2 of eight numbers. `size`, m, is a constant wherever these are inlined, so the other cases are not compiled.

/// Bᵀ d
@inlinable @inline(__always)
func winogradInputTransform<V: Lanes>(size: Int, _ d: InlineArray<8, V>) -> InlineArray<8, V> {
  let zero = V.zero
  if size == 2 { return [d[0] - d[2], d[1] + d[2], d[2] - d[1], d[3] - d[1], zero, zero, zero, zero] }
  if size == 4 {
    let inner = V.multiplyAdd(V(repeating: -2), d[2], d[4]), innerOdd = V.multiplyAdd(V(repeating: -2), d[1], d[3])
    let outer = V.multiplyAdd(V(repeating: -0.5), d[2], d[4]), outerOdd = V.multiplyAdd(V(repeating: -0.5), d[1], d[3])
    return [
      V.multiplyAdd(V(repeating: -2.5), d[2], d[0] + d[4]),
      V.multiplyAdd(V(repeating: 0.707_106_78), innerOdd, inner),
      V.multiplyAdd(V(repeating: -0.707_106_78), innerOdd, inner),
      V.multiplyAdd(V(repeating: 1.414_213_56), outerOdd, outer),
      V.multiplyAdd(V(repeating: -1.414_213_56), outerOdd, outer),
      V.multiplyAdd(V(repeating: -2.5), d[3], d[1] + d[5]), zero, zero,
    ]
  }
  let one = V.multiplyAdd(V(repeating: -4.25), d[4], d[2] + d[6]), oneOdd = V.multiplyAdd(V(repeating: -4.25), d[3], d[1] + d[5])
  let two = V.multiplyAdd(V(repeating: -1.25), d[4], V.multiplyAdd(V(repeating: 0.25), d[2], d[6]))
  let twoOdd = V.multiplyAdd(V(repeating: 2), d[5], V.multiplyAdd(V(repeating: -2.5), d[3], V(repeating: 0.5) * d[1]))
  let half = V.multiplyAdd(V(repeating: -5), d[4], V.multiplyAdd(V(repeating: 4), d[2], d[6]))
  let halfOdd = V.multiplyAdd(V(repeating: 2), d[1], V.multiplyAdd(V(repeating: -2.5), d[3], V(repeating: 0.5) * d[5]))
  return [
    V.multiplyAdd(V(repeating: 5.25), d[4] - d[2], d[0] - d[6]), one + oneOdd, one - oneOdd, two + twoOdd, two - twoOdd, half + halfOdd,
    half - halfOdd, V.multiplyAdd(V(repeating: 5.25), d[3] - d[5], d[7] - d[1]),
  ]
}

/// Aᵀ m
@inlinable @inline(__always)
func winogradOutputTransform<V: Lanes>(size: Int, _ m: InlineArray<8, V>) -> InlineArray<6, V> {
  let zero = V.zero
  if size == 2 { return [m[0] + m[1] + m[2], m[1] - m[2] + m[3], zero, zero, zero, zero] }
  let a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4]
  if size == 4 {
    return [
      m[0] + a + c,
      V.multiplyAdd(V(repeating: 1.414_213_56), d, b * V(repeating: 0.707_106_78)),
      V.multiplyAdd(V(repeating: 2), c, a * V(repeating: 0.5)),
      V.multiplyAdd(V(repeating: 2.828_427_12), d, V.multiplyAdd(V(repeating: 0.353_553_39), b, m[5])), zero, zero,
    ]
  }
  let e = m[5] + m[6], f = m[5] - m[6]
  return [
    V.multiplyAdd(V(repeating: 32), e, m[0] + a + c),
    V.multiplyAdd(V(repeating: 16), f, V.multiplyAdd(V(repeating: 2), d, b)),
    V.multiplyAdd(V(repeating: 8), e, V.multiplyAdd(V(repeating: 4), c, a)),
    V.multiplyAdd(V(repeating: 4), f, V.multiplyAdd(V(repeating: 8), d, b)),
    V.multiplyAdd(V(repeating: 2), e, V.multiplyAdd(V(repeating: 16), c, a)),
    V.multiplyAdd(V(repeating: 32), d, m[7] + b + f),
  ]
}

/// G g
@inlinable @inline(__always)
func winogradWeightTransform<V: Lanes>(size: Int, _ g: InlineArray<3, V>) -> InlineArray<8, V> {
  let zero = V.zero
  if size == 2 {
    let even = V(repeating: 0.5) * (g[0] + g[2]), odd = V(repeating: 0.5) * g[1]
    return [g[0], even + odd, even - odd, g[2], zero, zero, zero, zero]
  }
  if size == 4 {
    let even = V(repeating: -2.0 / 3) * (g[0] + V(repeating: 0.5) * g[2]), odd = V(repeating: -0.471_404_52) * g[1]
    let evenOuter = V(repeating: 1.0 / 6) * (g[0] + V(repeating: 2) * g[2]), oddOuter = V(repeating: 0.235_702_26) * g[1]
    return [g[0], even + odd, even - odd, evenOuter + oddOuter, evenOuter - oddOuter, g[2], zero, zero]
  }
  // The rows of ±½ are a 32nd of the usual: their part of Aᵀ carries the factor.
  let even = V(repeating: -2.0 / 9) * (g[0] + g[2]), odd = V(repeating: -2.0 / 9) * g[1]
  let evenTwo = V(repeating: 1.0 / 90) * (g[0] + V(repeating: 4) * g[2]), oddTwo = V(repeating: 1.0 / 45) * g[1]
  let evenHalf = V(repeating: 1.0 / 180) * (V(repeating: 4) * g[0] + g[2]), oddHalf = V(repeating: 1.0 / 90) * g[1]
  return [g[0], even + odd, even - odd, evenTwo + oddTwo, evenTwo - oddTwo, evenHalf + oddHalf, evenHalf - oddHalf, g[2]]
}
