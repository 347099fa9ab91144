import Glibc

/// y[i] = exp((x[i] − max) / t) / Σ_j exp((x[j] − max) / t) along `count` floats that lie `stride` apart, beginning at `first`.
///
/// Subtracting the largest changes nothing in the quotient and keeps the exponentials from overflowing. The sum is taken in double precision.
public func softmax(_ x: Span<Float>, from first: Int, count: Int, stride: Int, temperature: Float, into y: inout MutableSpan<Float>) {
  var largest = -Float.infinity
  for i in 0..<count { largest = max(largest, x[first + i * stride]) }
  var sum = 0.0
  for i in 0..<count {
    let power = expf((x[first + i * stride] - largest) / temperature)
    y[first + i * stride] = power
    sum += Double(power)
  }
  let scale = Float(1 / sum)
  for i in 0..<count { y[first + i * stride] *= scale }
}
