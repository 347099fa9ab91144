// Winograd's minimal filtering F(4×4, 3×3) (Lavin & Gray 2016): y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A, 36 products where a direct convolution takes 144, with the
// interpolation points 0, ±1/√2, ±√2 and ∞, whose error is a quarter of that of 0, ±1, ±2 and ∞ at the same cost.

/// Bᵀ d for six numbers.
@inlinable @inline(__always)
func winogradInputTransform<V: Lanes>(_ d: InlineArray<6, V>) -> InlineArray<6, V> {
  let inner = V.multiplyAdd(V(repeating: -2), d[2], d[4]), innerOdd = V.multiplyAdd(V(repeating: -2), d[1], d[3])
  let outer = V.multiplyAdd(V(repeating: -0.5), d[2], d[4]), outerOdd = V.multiplyAdd(V(repeating: -0.5), d[1], d[3])
  return [
    V.multiplyAdd(V(repeating: -2.5), d[2], d[0] + d[4]),
    V.multiplyAdd(V(repeating: 0.707_106_78), innerOdd, inner),
    V.multiplyAdd(V(repeating: -0.707_106_78), innerOdd, inner),
    V.multiplyAdd(V(repeating: 1.414_213_56), outerOdd, outer),
    V.multiplyAdd(V(repeating: -1.414_213_56), outerOdd, outer),
    V.multiplyAdd(V(repeating: -2.5), d[3], d[1] + d[5]),
  ]
}

/// Aᵀ m for six numbers.
@inlinable @inline(__always)
func winogradOutputTransform<V: Lanes>(_ m: InlineArray<6, V>) -> InlineArray<4, V> {
  let innerSum = m[1] + m[2], innerDifference = m[1] - m[2], outerSum = m[3] + m[4], outerDifference = m[3] - m[4]
  return [
    m[0] + innerSum + outerSum,
    V.multiplyAdd(V(repeating: 1.414_213_56), outerDifference, innerDifference * V(repeating: 0.707_106_78)),
    V.multiplyAdd(V(repeating: 2), outerSum, innerSum * V(repeating: 0.5)),
    V.multiplyAdd(V(repeating: 2.828_427_12), outerDifference, V.multiplyAdd(V(repeating: 0.353_553_39), innerDifference, m[5])),
  ]
}

/// G g for three numbers.
@inlinable @inline(__always)
func winogradWeightTransform<V: Lanes>(_ g: InlineArray<3, V>) -> InlineArray<6, V> {
  let even = V(repeating: -2.0 / 3) * (g[0] + V(repeating: 0.5) * g[2]), odd = V(repeating: -0.471_404_52) * g[1]
  let evenOuter = V(repeating: 1.0 / 6) * (g[0] + V(repeating: 2) * g[2]), oddOuter = V(repeating: 0.235_702_26) * g[1]
  return [g[0], even + odd, even - odd, evenOuter + oddOuter, evenOuter - oddOuter, g[2]]
}
