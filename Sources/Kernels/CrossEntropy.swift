import Glibc

/// l[r] = Σ_k t[r, k] · (ln Σ_j exp z[r, j] − z[r, k]): the cross-entropy of softmax z with the targets t, row by row.
///
/// - Parameters:
///   - z, t: [rows][classes]; the targets of a row need not add up to 1.
///   - l: [rows].
public func softmaxCrossEntropy(_ z: Span<Float>, _ t: Span<Float>, classes: Int, into l: inout MutableSpan<Float>, on processor: Processor) {
  precondition(classes > 0 && z.count == l.count * classes && t.count == z.count)
  z.withUnsafeBufferPointer { z in
    t.withUnsafeBufferPointer { t in
      l.withUnsafeMutableBufferPointer { l in
        guard let z = z.baseAddress, let t = t.baseAddress, let first = l.baseAddress else { return }
        let each = max(1, 1_024 / classes), rows = l.count
        let work = (kernels: processor.kernels, z: z, t: t, l: first, classes: classes, rows: rows, each: each)
        processor.threads.forEach((rows + each - 1) / each, work) { work, _, piece in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: work.classes) { scratch in
            guard let shares = scratch.baseAddress else { return }
            for row in piece * work.each..<min(work.rows, (piece + 1) * work.each) {
              let z = work.z + row * work.classes, t = work.t + row * work.classes
              work.kernels.softmaxRow(1, z, work.classes, shares)
              let largest = indexOfLargest(z, work.classes), logarithm = logarithmOfSum(shares, work.classes, largest: largest)
              var loss = 0.0
              for k in 0..<work.classes where t[k] != 0 { loss += Double(t[k]) * (logarithm - Double(z[k] - z[largest])) }
              work.l[row] = Float(loss)
            }
          }
        }
      }
    }
  }
}

/// dz[r, k] = dl[r] · (softmax(z[r])[k] · Σ_j t[r, j] − t[r, k]): the gradient of ``softmaxCrossEntropy(_:_:classes:into:on:)``.
public func softmaxCrossEntropyGradient(
  _ z: Span<Float>, _ t: Span<Float>, of dl: Span<Float>, classes: Int, into dz: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(classes > 0 && z.count == dl.count * classes && t.count == z.count && dz.count == z.count)
  z.withUnsafeBufferPointer { z in
    t.withUnsafeBufferPointer { t in
      dl.withUnsafeBufferPointer { dl in
        dz.withUnsafeMutableBufferPointer { dz in
          guard let z = z.baseAddress, let t = t.baseAddress, let first = dl.baseAddress, let dz = dz.baseAddress else { return }
          let each = max(1, 1_024 / classes), rows = dl.count
          let work = (kernels: processor.kernels, z: z, t: t, dl: first, dz: dz, classes: classes, rows: rows, each: each)
          processor.threads.forEach((rows + each - 1) / each, work) { work, _, piece in
            for row in piece * work.each..<min(work.rows, (piece + 1) * work.each) {
              let z = work.z + row * work.classes, t = work.t + row * work.classes, dz = work.dz + row * work.classes
              work.kernels.softmaxRow(1, z, work.classes, dz)
              var targets: Float = 0
              for k in 0..<work.classes { targets += t[k] }
              let loss = work.dl[row]
              for k in 0..<work.classes { dz[k] = loss * (dz[k] * targets - t[k]) }
            }
          }
        }
      }
    }
  }
}

/// l = w · t · ln(1 + e^−z) + (1 − t) · ln(1 + e^z), element by element: the cross-entropy of logistic z with the target t, w being the weight of positives.
///
/// Computed as (1 − t) · z + (1 + (w − 1) · t) · (ln(1 + e^−|z|) + max(−z, 0)), which does not overflow.
public func logisticCrossEntropy(
  _ z: Span<Float>, _ t: Span<Float>, positiveWeight: Float, into l: inout MutableSpan<Float>, on processor: Processor
) {
  forEachPiece(z, t, into: &l, positiveWeight, on: processor) { weight, z, t, l, count in
    for i in 0..<count {
      l[i] = (1 - t[i]) * z[i] + (1 + (weight - 1) * t[i]) * (log1pf(expf(-z[i].magnitude)) + max(-z[i], 0))
    }
  }
}

/// dl/dz = (1 − t + w · t) · logistic(z) − w · t, element by element: the derivative of ``logisticCrossEntropy(_:_:positiveWeight:into:on:)``.
public func logisticCrossEntropyDerivative(
  _ z: Span<Float>, _ t: Span<Float>, positiveWeight: Float, into d: inout MutableSpan<Float>, on processor: Processor
) {
  forEachPiece(z, t, into: &d, positiveWeight, on: processor) { weight, z, t, d, count in
    for i in 0..<count { d[i] = (1 + (weight - 1) * t[i]) / (1 + expf(-z[i])) - weight * t[i] }
  }
}

private func indexOfLargest(_ z: UnsafePointer<Float>, _ count: Int) -> Int {
  var largest = 0
  for k in 1..<max(1, count) where z[k] > z[largest] { largest = k }
  return largest
}

/// ln Σ_k exp(z[k] − z[largest]) = ln(Σ_k p[k] / p[largest]) of the shares p = softmax z.
private func logarithmOfSum(_ shares: UnsafePointer<Float>, _ count: Int, largest: Int) -> Double {
  var sums = SIMD4<Double>(), k = 0
  while k + 4 <= count {
    sums += SIMD4(Double(shares[k]), Double(shares[k + 1]), Double(shares[k + 2]), Double(shares[k + 3]))
    k += 4
  }
  while k < count {
    sums[0] += Double(shares[k])
    k += 1
  }
  let own = Double(shares[largest])
  // Where the largest share is nearly all, the others are added up without it: beside 1 they would be lost.
  guard own > 0.5 else { return log(sums.sum() / own) }
  var others = 0.0
  for k in 0..<count where k != largest { others += Double(shares[k]) }
  return log1p(others / own)
}
