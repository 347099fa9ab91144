import KernelTemplates

/// Batch normalisation in training (Ioffe & Szegedy 2015): the statistics are those of the batch. Maps lie plain or in blocks of channels, with any border.
public struct BatchNormalizationPlan: Sendable {
  /// The maps that are normalised, the result, and, for the gradient, the result's gradient and that of the maps.
  public let x, y: FeatureMaps
  public let epsilon: Float

  public init(x: FeatureMaps, y: FeatureMaps, epsilon: Float) {
    precondition(x.batch == y.batch && x.channels == y.channels && x.height == y.height && x.width == y.width && x.layout.lanes == y.layout.lanes)
    self.x = x
    self.y = y
    self.epsilon = epsilon
  }

  /// Channels filled up to whole blocks.
  private var padded: Int { x.blocks * x.layout.lanes }
  /// How many numbers each channel has.
  private var count: Double { Double(x.batch * x.height * x.width) }
  /// How many floats of working memory both directions need.
  public var scratchCount: Int { (x.batch + 6) * padded }

  /// y[n, c, …] = γ[c] · (x[n, c, …] − μ[c]) / √(σ²[c] + ε) + β[c], with μ and the biased variance σ² of each channel over batch and pixels.
  public func normalize(
    _ x: Span<Float>, gamma: Span<Float>, beta: Span<Float>, into y: inout MutableSpan<Float>, mean: inout MutableSpan<Float>,
    variance: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    let channels = self.x.channels
    precondition(x.count == self.x.count && y.count == self.y.count && scratch.count >= scratchCount)
    precondition(gamma.count == channels && beta.count == channels && mean.count == channels && variance.count == channels)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let x = x.baseAddress, let y = y.baseAddress, let center = scratch.baseAddress else { return }
          let factors = center + padded, parts = factors + 5 * padded
          for channel in 0..<6 * padded { center[channel] = 0 }
          statistics(x, center: center, parts, mean: &mean, variance: &variance, on: processor)
          for channel in 0..<channels {
            factors[padded + channel] = Float(Double(gamma[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot())
            factors[2 * padded + channel] = mean[channel]
            factors[3 * padded + channel] = beta[channel]
          }
          combine(x, self.x, x, self.x, factors: factors, y, self.y, on: processor)
        }
      }
    }
  }

  /// The mean and the biased variance of each channel over batch and pixels.
  public func statistics(
    _ x: Span<Float>, mean: inout MutableSpan<Float>, variance: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(x.count == self.x.count && scratch.count >= scratchCount && mean.count == self.x.channels && variance.count == self.x.channels)
    x.withUnsafeBufferPointer { x in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let x = x.baseAddress, let center = scratch.baseAddress else { return }
        for channel in 0..<padded { center[channel] = 0 }
        statistics(x, center: center, center + padded, mean: &mean, variance: &variance, on: processor)
      }
    }
  }

  /// - Parameter center: zeros, and afterwards the means.
  private func statistics(
    _ x: UnsafePointer<Float>, center: UnsafeMutablePointer<Float>, _ parts: UnsafeMutablePointer<Float>, mean: inout MutableSpan<Float>,
    variance: inout MutableSpan<Float>, on processor: Processor
  ) {
    sumChannels(.values, x, self.x, x, self.x, center: center, parts, on: processor)
    for channel in 0..<self.x.channels {
      mean[channel] = Float(total(parts, channel, self.x.batch, padded) / count)
      center[channel] = mean[channel]
    }
    sumChannels(.squares, x, self.x, x, self.x, center: center, parts, on: processor)
    for channel in 0..<self.x.channels { variance[channel] = Float(total(parts, channel, self.x.batch, padded) / count) }
  }

  /// dβ[c] = Σ dy, dγ[c] = Σ dy · x̂, dx = γ / √(σ² + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)) with x̂ = (x − μ) / √(σ² + ε).
  ///
  /// dy lies as y does, and dx as x.
  ///
  /// - Parameters:
  ///   - mean, variance: what ``normalize(_:gamma:beta:into:mean:variance:scratch:on:)`` has found.
  public func gradients(
    _ x: Span<Float>, of dy: Span<Float>, gamma: Span<Float>, mean: Span<Float>, variance: Span<Float>, into dx: inout MutableSpan<Float>,
    gamma dGamma: inout MutableSpan<Float>, beta dBeta: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    parameterGradients(x, of: dy, mean: mean, variance: variance, gamma: &dGamma, beta: &dBeta, scratch: &scratch, on: processor)
    inputGradient(
      x, of: dy, gamma: gamma, mean: mean, variance: variance, gammaGradient: dGamma.span, betaGradient: dBeta.span, into: &dx, maps: self.x,
      scratch: &scratch, on: processor)
  }

  /// The gradients by γ and β alone, which are the sums that the one by x needs, too.
  public func parameterGradients(
    _ x: Span<Float>, of dy: Span<Float>, mean: Span<Float>, variance: Span<Float>, gamma dGamma: inout MutableSpan<Float>,
    beta dBeta: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    let channels = self.x.channels
    precondition(x.count == self.x.count && dy.count == self.y.count && scratch.count >= scratchCount)
    precondition(mean.count == channels && variance.count == channels && dGamma.count == channels && dBeta.count == channels)
    x.withUnsafeBufferPointer { x in
      dy.withUnsafeBufferPointer { dy in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let x = x.baseAddress, let dy = dy.baseAddress, let center = scratch.baseAddress else { return }
          let parts = center + padded
          for channel in 0..<padded { center[channel] = channel < channels ? mean[channel] : 0 }
          sumChannels(.values, dy, y, dy, y, center: center, parts, on: processor)
          for channel in 0..<channels { dBeta[channel] = Float(total(parts, channel, self.x.batch, padded)) }
          sumChannels(.products, dy, y, x, self.x, center: center, parts, on: processor)
          for channel in 0..<channels {
            dGamma[channel] = Float(total(parts, channel, self.x.batch, padded) / (Double(variance[channel]) + Double(epsilon)).squareRoot())
          }
        }
      }
    }
  }

  /// The gradient by x, from those by γ and β.
  ///
  /// - Parameter maps: how dx lies: as x, but with any border.
  public func inputGradient(
    _ x: Span<Float>, of dy: Span<Float>, gamma: Span<Float>, mean: Span<Float>, variance: Span<Float>, gammaGradient: Span<Float>,
    betaGradient: Span<Float>, into dx: inout MutableSpan<Float>, maps: FeatureMaps, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    let channels = self.x.channels
    precondition(x.count == self.x.count && dx.count == maps.count && dy.count == self.y.count && scratch.count >= scratchCount)
    precondition(maps.batch == self.x.batch && maps.channels == channels && maps.height == self.x.height && maps.width == self.x.width)
    precondition(maps.layout.lanes == self.x.layout.lanes && gamma.count == channels && mean.count == channels && variance.count == channels)
    precondition(gammaGradient.count == channels && betaGradient.count == channels)
    x.withUnsafeBufferPointer { x in
      dy.withUnsafeBufferPointer { dy in
        dx.withUnsafeMutableBufferPointer { dx in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let x = x.baseAddress, let dy = dy.baseAddress, let dx = dx.baseAddress, let factors = scratch.baseAddress else { return }
            for channel in 0..<5 * padded { factors[channel] = 0 }
            for channel in 0..<channels {
              let scale = 1 / (Double(variance[channel]) + Double(epsilon)).squareRoot(), factor = Double(gamma[channel]) * scale
              factors[channel] = Float(factor)
              factors[padded + channel] = Float(-factor * scale * Double(gammaGradient[channel]) / count)
              factors[2 * padded + channel] = mean[channel]
              factors[3 * padded + channel] = Float(-factor * Double(betaGradient[channel]) / count)
            }
            combine(dy, y, x, self.x, factors: factors, dx, maps, on: processor)
          }
        }
      }
    }
  }

  /// y = factors[0] · a + factors[1] · (b − factors[2]) + factors[3], channel by channel.
  private func combine(
    _ a: UnsafePointer<Float>, _ aMaps: FeatureMaps, _ b: UnsafePointer<Float>, _ bMaps: FeatureMaps, factors: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, _ yMaps: FeatureMaps, on processor: Processor
  ) {
    let bands = MapBands(yMaps), each = smallMaps(yMaps), work = (processor.kernels, bands, a, aMaps, b, bMaps, factors, padded, y, yMaps, each)
    processor.threads.forEach((bands.count + each - 1) / each, work) { work, _, piece in
      let (kernels, bands, a, aMaps, b, bMaps, factors, padded, y, yMaps, each) = work
      for band in piece * each..<min(bands.count, (piece + 1) * each) {
        let (block, rows) = bands[band], lanes = yMaps.layout.lanes, isBare = aMaps.rowStride == bMaps.rowStride && yMaps.layout.border == 0
        if rows.lowerBound == 0 { kernels.clearBorder(yMaps, y + block * yMaps.blockStride) }
        // Rows that lie one after the other in all maps are one.
        let isOne = isBare && aMaps.layout.border == 0, count = yMaps.width * lanes * (isOne ? rows.count : 1)
        for row in isOne ? rows.lowerBound..<rows.lowerBound + 1 : rows {
          func place(_ maps: FeatureMaps) -> Int { block * maps.blockStride + maps.origin + row * maps.rowStride }
          kernels.combineChannels(
            a + place(aMaps), b + place(bMaps), factors + block % yMaps.blocks * lanes, padded, lanes, y + place(yMaps), count)
        }
      }
    }
  }
}

/// db[c] = Σ over batch and pixels of dy: the gradient of a bias.
///
/// - Parameters:
///   - scratch: at least ``biasGradientScratchCount(_:)`` floats.
public func biasGradient(
  _ dy: Span<Float>, from maps: FeatureMaps, into db: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(dy.count == maps.count && db.count == maps.channels && scratch.count >= biasGradientScratchCount(maps))
  dy.withUnsafeBufferPointer { dy in
    scratch.withUnsafeMutableBufferPointer { scratch in
      guard let dy = dy.baseAddress, let center = scratch.baseAddress else { return }
      let padded = maps.blocks * maps.layout.lanes, parts = center + padded
      for channel in 0..<padded { center[channel] = 0 }
      sumChannels(.values, dy, maps, dy, maps, center: center, parts, on: processor)
      for channel in 0..<maps.channels { db[channel] = Float(total(parts, channel, maps.batch, padded)) }
    }
  }
}

/// How many floats of working memory ``biasGradient(_:from:into:scratch:on:)`` needs.
public func biasGradientScratchCount(_ maps: FeatureMaps) -> Int { (maps.batch + 1) * maps.blocks * maps.layout.lanes }

/// The sum of each picture and channel, [batch][channels, filled up to whole blocks].
private func sumChannels(
  _ kind: ChannelSum, _ a: UnsafePointer<Float>, _ aMaps: FeatureMaps, _ b: UnsafePointer<Float>, _ bMaps: FeatureMaps, center: UnsafePointer<Float>,
  _ parts: UnsafeMutablePointer<Float>, on processor: Processor
) {
  let each = smallMaps(aMaps), all = aMaps.batch * aMaps.blocks, work = (processor.kernels, kind, a, aMaps, b, bMaps, center, parts, each, all)
  processor.threads.forEach((all + each - 1) / each, work) { work, _, piece in
    let (kernels, kind, a, aMaps, b, bMaps, center, parts, each, all) = work
    let lanes = aMaps.layout.lanes
    for block in piece * each..<min(all, (piece + 1) * each) {
      let operands = ChannelSumOperands(
        a: a + block * aMaps.blockStride + aMaps.origin, aRowStep: aMaps.rowStride, b: b + block * bMaps.blockStride + bMaps.origin,
        bRowStep: bMaps.rowStride, center: center + block % aMaps.blocks * lanes, height: aMaps.height, width: aMaps.width)
      if lanes == 1 { parts[block] = kernels.sumMap(kind, operands) } else { kernels.sumBlock(kind, operands, parts + block * lanes) }
    }
  }
}

/// How many blocks of small maps, such as the single numbers of a perceptron's layers, are one piece of work.
private func smallMaps(_ maps: FeatureMaps) -> Int { max(1, 2_048 / max(1, maps.height * maps.width * maps.layout.lanes)) }

/// A channel's sum over all pictures.
private func total(_ parts: UnsafePointer<Float>, _ channel: Int, _ batch: Int, _ padded: Int) -> Double {
  var sum = 0.0
  for image in 0..<batch { sum += Double(parts[image * padded + channel]) }
  return sum
}
