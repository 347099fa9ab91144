import Kernels
import Testing

@Suite struct BatchNormalizationTests {
  @Test(arguments: tables.indices) func bothDirectionsEqualTheirFormulas(table: Int) {
    let lanes = tables[table].lanes, processor = processor(tables[table], threads: 2), epsilon: Float = 1e-3
    for (batch, channels, height, width) in [(2, 1, 1, 1), (1, lanes, 2, 3), (3, lanes + 3, 7, 5), (2, 2 * lanes - 1, 31, 13)] {
      for (blocked, borders) in [(1, (0, 0)), (1, (1, 2)), (lanes, (0, 0)), (lanes, (1, 1)), (lanes, (2, 0)), (lanes, (0, 1))] {
        let xMaps = FeatureMaps(batch: batch, channels: channels, height: height, width: width, layout: MapLayout(lanes: blocked, border: borders.0))
        var yMaps = xMaps
        yMaps.layout.border = borders.1
        let plan = BatchNormalizationPlan(x: xMaps, y: yMaps, epsilon: epsilon), count = batch * channels * height * width
        let x = noise(count).map { 3 + 2 * $0 }, dy = noise(count, seed: 2), gamma = noise(channels, seed: 3), beta = noise(channels, seed: 4)
        let inX = poisoned(x, as: xMaps, on: processor), inDy = poisoned(dy, as: yMaps, on: processor)
        var y = [Float](repeating: 99, count: yMaps.count), dx = [Float](repeating: 99, count: xMaps.count)
        var mean = [Float](repeating: 99, count: channels), variance = mean, dGamma = mean, dBeta = mean
        var scratch = [Float](repeating: 99, count: plan.scratchCount)
        var ySpan = y.mutableSpan, dxSpan = dx.mutableSpan, meanSpan = mean.mutableSpan, varianceSpan = variance.mutableSpan
        var gammaSpan = dGamma.mutableSpan, betaSpan = dBeta.mutableSpan, scratchSpan = scratch.mutableSpan
        plan.normalize(
          inX.span, gamma: gamma.span, beta: beta.span, into: &ySpan, mean: &meanSpan, variance: &varianceSpan, scratch: &scratchSpan, on: processor)
        plan.gradients(
          inX.span, of: inDy.span, gamma: gamma.span, mean: meanSpan.span, variance: varianceSpan.span, into: &dxSpan, gamma: &gammaSpan, beta: &betaSpan,
          scratch: &scratchSpan, on: processor)

        let what = "\(tables[table].name) \(batch)×\(channels)×\(height)×\(width) in \(blocked) lanes, borders \(borders)"
        let wanted = formula(x, dy, gamma, beta, batch, channels, height * width, Double(epsilon))
        expectClearBorder(y, yMaps, what)
        expectClearBorder(dx, xMaps, what)
        expectClose(mean, wanted.mean, tolerance: 2e-7, what)
        expectClose(variance, wanted.variance, tolerance: 1e-6, what)
        expectClose(plain(y, from: yMaps, on: processor), wanted.y, tolerance: 4e-6, what)
        expectClose(plain(dx, from: xMaps, on: processor), wanted.dx, tolerance: 1e-5, what)
        expectClose(dGamma, wanted.dGamma, tolerance: 4e-6, what)
        expectClose(dBeta, wanted.dBeta, tolerance: 1e-6, what)

        var bias = [Float](repeating: 99, count: channels), biasSpan = bias.mutableSpan
        var biasScratch = [Float](repeating: 99, count: biasGradientScratchCount(yMaps)), biasScratchSpan = biasScratch.mutableSpan
        biasGradient(inDy.span, from: yMaps, into: &biasSpan, scratch: &biasScratchSpan, on: processor)
        expectClose(bias, wanted.dBeta, tolerance: 1e-6, what)
      }
    }
  }

  /// The gradient is the slope of Σ dy · y, by central differences in double precision.
  @Test func theReferenceGradientIsTheSlope() {
    let x = noise(24), dy = noise(24, seed: 2), gamma = noise(2, seed: 3), beta = noise(2, seed: 4)
    let slopes = formula(x, dy, gamma, beta, 2, 2, 6, 1e-3).dx
    for index in x.indices {
      func loss(_ step: Double) -> Double {
        var moved = x.map(Double.init)
        moved[index] += step
        let y = normalized(moved, gamma, beta, 2, 2, 6, 1e-3).y
        return zip(y, dy).reduce(0) { $0 + $1.0 * Double($1.1) }
      }
      #expect(abs((loss(1e-5) - loss(-1e-5)) / 2e-5 - Double(slopes[index])) < 1e-6)
    }
  }

  private func normalized(
    _ x: [Double], _ gamma: [Float], _ beta: [Float], _ batch: Int, _ channels: Int, _ plane: Int, _ epsilon: Double
  ) -> (y: [Double], mean: [Double], variance: [Double]) {
    var y = x, means: [Double] = [], variances: [Double] = []
    for c in 0..<channels {
      let places = x.indices.filter { $0 / plane % channels == c }, count = Double(places.count)
      let mean = places.reduce(0) { $0 + x[$1] } / count
      let variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / count
      for place in places { y[place] = Double(gamma[c]) * (x[place] - mean) / (variance + epsilon).squareRoot() + Double(beta[c]) }
      means.append(mean)
      variances.append(variance)
    }
    return (y, means, variances)
  }

  private func formula(
    _ x: [Float], _ dy: [Float], _ gamma: [Float], _ beta: [Float], _ batch: Int, _ channels: Int, _ plane: Int, _ epsilon: Double
  ) -> (y: [Float], mean: [Float], variance: [Float], dx: [Float], dGamma: [Float], dBeta: [Float]) {
    let (y, mean, variance) = normalized(x.map(Double.init), gamma, beta, batch, channels, plane, epsilon)
    var dx = [Float](repeating: 0, count: x.count), dGamma: [Float] = [], dBeta: [Float] = []
    for c in 0..<channels {
      let places = x.indices.filter { $0 / plane % channels == c }, count = Double(places.count), scale = 1 / (variance[c] + epsilon).squareRoot()
      func unit(_ place: Int) -> Double { (Double(x[place]) - mean[c]) * scale }
      let sum = places.reduce(0) { $0 + Double(dy[$1]) }, product = places.reduce(0) { $0 + Double(dy[$1]) * unit($1) }
      for place in places { dx[place] = Float(Double(gamma[c]) * scale * (Double(dy[place]) - sum / count - unit(place) * product / count)) }
      dGamma.append(Float(product))
      dBeta.append(Float(sum))
    }
    return (y.map { Float($0) }, mean.map { Float($0) }, variance.map { Float($0) }, dx, dGamma, dBeta)
  }
}
