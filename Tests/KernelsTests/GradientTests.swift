import Kernels
import Testing

@Suite struct GradientTests {
  /// Each activation's derivative against central differences of its formula, except at corners.
  @Test(arguments: tables.indices) func activations(table: Int) {
    for activation in ActivationTests.all + [.leaky(slope: -0.5)] {
      for count in awkwardCounts(lanes: tables[table].lanes) + [9_001] {
        let x = noise(count).map { 8 * $0 }.map { abs($0 - $0.rounded()) < 1e-3 ? $0 + 0.01 : $0 }, dy = noise(count, seed: 2)
        let v = activation.gradientUsesResult ? x.map { Float(Reference.activate(activation, Double($0))) } : x
        var dx = [Float](repeating: 99, count: count), span = dx.mutableSpan
        activationGradient(activation, v.span, of: dy.span, into: &span, on: processor(tables[table], threads: 2))
        let expected = zip(x, dy).map { x, dy in
          let slope = (Reference.activate(activation, Double(x) + 1e-5) - Reference.activate(activation, Double(x) - 1e-5)) / 2e-5
          return Float(slope * Double(dy))
        }
        expectClose(dx, expected, tolerance: 4e-6, "\(tables[table].name) \(activation) of \(count)")
      }
    }
  }

  @Test(arguments: tables.indices) func slopesAtCornersAreThoseToTheLeft(table: Int) {
    for (activation, expected) in [(.relu, 0), (.leaky(slope: 0.1), 0.1), (.relu6, 0), (.hardSwish, 0.5)] as [(Activation, Float)] {
      var dx: [Float] = [99], span = dx.mutableSpan
      let zero: [Float] = [0], one: [Float] = [1]
      activationGradient(activation, zero.span, of: one.span, into: &span, on: processor(tables[table]))
      #expect(dx == [expected], "\(tables[table].name) \(activation)")
    }
  }

  @Test(arguments: tables.indices, [PoolingKind.max, .average]) func poolings(table: Int, kind: PoolingKind) {
    let processor = processor(tables[table], threads: 2), lanes = tables[table].lanes
    for (size, stride, pad) in [(2, 2, 0), (2, 1, 1), (3, 2, 1), (3, 1, 2), (3, 2, 4), (5, 1, 4), (2, 3, 0)] {
      for (height, width) in [(1, 1), (2, 3), (7, 5), (13, 17)] where min(height, width) + pad >= size {
        for (channels, blocked, borders) in [(lanes, lanes, (0, 1)), (lanes + 1, lanes, (1, 0)), (3, 1, (1, 2)), (2, 1, (0, 0))] {
          let geometry = PoolingGeometry(
            inputHeight: height, inputWidth: width, outputHeight: (height + pad - size) / stride + 1, outputWidth: (width + pad - size) / stride + 1,
            size: size, stride: stride, top: pad / 2, left: pad - pad / 2)
          let from = FeatureMaps(batch: 2, channels: channels, height: height, width: width, layout: MapLayout(lanes: blocked, border: borders.0))
          let to = FeatureMaps(
            batch: 2, channels: channels, height: geometry.outputHeight, width: geometry.outputWidth,
            layout: MapLayout(lanes: blocked, border: borders.1))
          let x = noise(2 * channels * height * width).map { ($0 * 8).rounded() }  // some are equal
          let dy = noise(2 * channels * geometry.outputHeight * geometry.outputWidth, seed: 2)
          var dx = [Float](repeating: 99, count: from.count), span = dx.mutableSpan
          poolGradient(
            kind, poisoned(x, as: from, on: processor).span, from: from, geometry: geometry, of: poisoned(dy, as: to, on: processor).span, to: to,
            into: &span, on: processor)
          let what = "\(tables[table].name) \(kind) \(size)/\(stride) of \(channels)×\(height)×\(width) in \(blocked) lanes"
          expectClearBorder(dx, from, what)
          expectClose(plain(dx, from: from, on: processor), scattered(kind, x, dy, geometry, 2 * channels), tolerance: 1e-6, what)
        }
      }
    }
  }

  @Test(arguments: tables.indices) func averagesOfWholeMaps(table: Int) {
    let processor = processor(tables[table], threads: 2), lanes = tables[table].lanes
    for (channels, height, width) in [(1, 1, 1), (lanes, 2, 3), (lanes + 3, 7, 5)] {
      for (blocked, borders) in [(1, (0, 0)), (1, (2, 1)), (lanes, (0, 0)), (lanes, (1, 0)), (lanes, (0, 1))] {
        let from = FeatureMaps(batch: 2, channels: channels, height: height, width: width, layout: MapLayout(lanes: blocked, border: borders.0))
        let to = FeatureMaps(batch: 2, channels: channels, height: 1, width: 1, layout: MapLayout(lanes: blocked, border: borders.1))
        let dy = noise(2 * channels)
        var dx = [Float](repeating: 99, count: from.count), span = dx.mutableSpan
        averageMapsGradient(laidOut(dy, as: to, on: processor).span, to: to, into: &span, from: from, on: processor)
        let what = "\(tables[table].name) \(channels)×\(height)×\(width) in \(blocked) lanes", plane = height * width
        expectClearBorder(dx, from, what)
        expectClose(plain(dx, from: from, on: processor), (0..<2 * channels * plane).map { dy[$0 / plane] / Float(plane) }, tolerance: 1e-7, what)
      }
    }
  }

  /// The gradient of pooling plain maps, window by window.
  private func scattered(_ kind: PoolingKind, _ x: [Float], _ dy: [Float], _ g: PoolingGeometry, _ maps: Int) -> [Float] {
    var dx = [Double](repeating: 0, count: x.count)
    for map in 0..<maps {
      for i in 0..<g.outputHeight {
        for j in 0..<g.outputWidth {
          var places: [Int] = []
          for row in max(0, i * g.stride - g.top)..<max(0, min(g.inputHeight, i * g.stride - g.top + g.size)) {
            for column in max(0, j * g.stride - g.left)..<max(0, min(g.inputWidth, j * g.stride - g.left + g.size)) {
              places.append((map * g.inputHeight + row) * g.inputWidth + column)
            }
          }
          let share = Double(dy[(map * g.outputHeight + i) * g.outputWidth + j])
          switch kind {
          case .average: for place in places { dx[place] += share / Double(places.count) }
          case .max: if let most = places.map({ x[$0] }).max() { dx[places.first { x[$0] == most }!] += share }
          }
        }
      }
    }
    return dx.map { Float($0) }
  }
}
