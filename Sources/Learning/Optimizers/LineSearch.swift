/// A length t of a step along a direction d for which both hold, the strong Wolfe conditions:
///
///     f(x + t d) ≤ f(x) + c₁ t f'(x)·d        enough is gained
///     |f'(x + t d)·d| ≤ −c₂ f'(x)·d           there is not much more to gain
///
/// Nocedal and Wright, "Numerical optimization", 2006, algorithms 3.5 and 3.6, with lengths chosen by cubic interpolation; the safeguards (no new
/// length within a tenth of the bracket of its ends, growth by at most ten) and the factors are those of `torch.optim.LBFGS`. A loss that is not a
/// number counts as too large, and the bracket is halved then.
struct StrongWolfeSearch<Place> {
  /// f at one length t, its slope f'·d there, and what else the caller wants to know of the place.
  struct Point {
    let length, loss, slope: Double
    let place: Place

    var isFinite: Bool { loss.isFinite && slope.isFinite }
  }

  var sufficientDecrease = 1e-4
  var curvature = 0.9
  /// When the ends of the bracket are this close, times `directionSize`, the search ends.
  var smallestChange = 1e-9
  var evaluationLimit = 25

  /// The best point found, at which enough is gained; `start`, at t = 0, if there is none.
  ///
  /// - Parameter directionSize: the largest of |d|.
  func search<Failure: Error>(
    from start: Point, firstLength: Double, directionSize: Double, _ evaluate: (_ length: Double) throws(Failure) -> Point
  ) throws(Failure) -> Point {
    var evaluations = 0
    func evaluateNext(_ length: Double) throws(Failure) -> Point {
      evaluations += 1
      return try evaluate(length)
    }
    func gainsTooLittle(_ point: Point) -> Bool {
      !point.isFinite || point.loss > start.loss + sufficientDecrease * point.length * start.slope
    }
    func isFlat(_ point: Point) -> Bool { abs(point.slope) <= -curvature * start.slope }

    // Lengthen the step until a good one is found or a bracket that holds one.
    var previous = start, point = try evaluateNext(firstLength)
    var bracket: (low: Point, high: Point)?
    while bracket == nil {
      if gainsTooLittle(point) || evaluations > 1 && point.loss >= previous.loss {
        bracket = (previous, point)
      } else if isFlat(point) {
        return point
      } else if point.slope >= 0 {
        bracket = (point, previous)
      } else if evaluations >= evaluationLimit {
        return point
      } else {
        let bounds = (point.length + 0.01 * (point.length - previous.length))...(10 * point.length)
        let length = interpolate(previous, point, within: bounds)
        previous = point
        point = try evaluateNext(length)
      }
    }
    guard var (low, high) = bracket else { return point }

    // Narrow the bracket. `low` is the best point that gains enough, and a minimum lies between it and `high`.
    var hasStalled = false
    while evaluations < evaluationLimit && abs(high.length - low.length) * directionSize >= smallestChange {
      let lower = min(low.length, high.length), upper = max(low.length, high.length), margin = 0.1 * (upper - lower)
      var length = interpolate(low, high, within: lower...upper)
      if min(upper - length, length - lower) < margin {
        if hasStalled || length >= upper || length <= lower {
          length = upper - length < length - lower ? upper - margin : lower + margin
          hasStalled = false
        } else {
          hasStalled = true
        }
      } else {
        hasStalled = false
      }
      let point = try evaluateNext(length)
      if gainsTooLittle(point) || point.loss >= low.loss {
        high = point
      } else {
        if isFlat(point) { return point }
        if point.slope * (high.length - low.length) >= 0 { high = low }
        low = point
      }
    }
    return low
  }

  /// Where the cubic that has the losses and slopes of both points is least within bounds; their middle if it has no minimum.
  private func interpolate(_ a: Point, _ b: Point, within bounds: ClosedRange<Double>) -> Double {
    let (first, second) = a.length <= b.length ? (a, b) : (b, a), middle = (bounds.lowerBound + bounds.upperBound) / 2
    guard first.isFinite && second.isFinite else { return middle }
    let width = second.length - first.length
    let mean = first.slope + second.slope - 3 * (second.loss - first.loss) / width
    let discriminant = mean * mean - first.slope * second.slope
    guard discriminant >= 0 else { return middle }
    let root = discriminant.squareRoot()
    let length = second.length - width * (second.slope + root - mean) / (second.slope - first.slope + 2 * root)
    guard length.isFinite else { return middle }
    return min(max(length, bounds.lowerBound), bounds.upperBound)
  }
}
