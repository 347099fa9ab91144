import Kernels
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: tables.indices) func everyStepEqualsItsFormula(table: Int) {
    for count in awkwardCounts(lanes: tables[table].lanes) + [5_000, 9_001, 20_011] {
      let line = FeatureMaps(batch: 1, channels: 1, height: 1, width: count)
      let a = noise(count), b = noise(count, seed: 2), c = noise(count, seed: 3)
      func result(_ steps: [ElementwiseChain.Step]) -> [Float] {
        run(ElementwiseChain(steps, x: line, operands: [line, line], y: line), a, b, c, count: count, tables[table])
      }
      let what = "\(tables[table].name) \(count)"
      expectClose(result([]), a, tolerance: 0, what)
      expectClose(result([.add(operand: 0)]), zip(a, b).map { $0 + $1 }, tolerance: 0, what)
      expectClose(result([.multiply(operand: 1)]), zip(a, c).map { $0 * $1 }, tolerance: 0, what)
      expectClose(result([.scaleAndShift(2.5, -1)]), a.map { 2.5 * $0 - 1 }, tolerance: 2e-7, what)
      let all = result([.add(operand: 0), .activate(.relu), .multiply(operand: 1), .scaleAndShift(2, 1), .add(operand: 1)])
      expectClose(all, a.indices.map { 2 * (max(a[$0] + b[$0], 0) * c[$0]) + 1 + c[$0] }, tolerance: 4e-7, what)
    }
  }

  /// Each step between maps of all layouts, with channels of their own numbers, whole blocks and others.
  @Test(arguments: tables.indices) func chainsOfMapsInEveryLayout(table: Int) {
    let processor = processor(tables[table], threads: 2), lanes = tables[table].lanes
    for (channels, height, width) in [(1, 1, 1), (lanes, 2, 3), (lanes + 3, 5, 7), (3 * lanes - 1, 13, 11), (2, 67, 131)] {
      for (blocked, borders) in [(1, [0, 0, 0]), (1, [1, 0, 2]), (lanes, [0, 0, 0]), (lanes, [1, 1, 1]), (lanes, [0, 2, 1]), (lanes, [2, 0, 0])] {
        func maps(_ border: Int, _ height: Int, _ width: Int) -> FeatureMaps {
          FeatureMaps(batch: 2, channels: channels, height: height, width: width, layout: MapLayout(lanes: blocked, border: border))
        }
        let from = maps(borders[0], height, width), other = maps(borders[1], height, width), to = maps(borders[2], height, width)
        let each = maps(borders[1], 1, 1), padded = from.blocks * blocked
        let count = 2 * channels * height * width, x = noise(count), a = noise(count, seed: 2), s = noise(2 * channels, seed: 3)
        let scale = noise(padded, seed: 4), shift = noise(padded, seed: 5), factors = FeatureMaps(batch: 1, channels: padded, height: 1, width: 1)
        func channel(_ index: Int) -> Int { index / (height * width) % channels }
        let what = "\(tables[table].name) \(channels)×\(height)×\(width) in \(blocked) lanes, borders \(borders)"

        let logistic = ElementwiseChain([.add(operand: 0), .activate(.logistic), .scaleMaps(operand: 1)], x: from, operands: [other, each], y: to)
        var y = run(
          logistic, poisoned(x, as: from, on: processor), poisoned(a, as: other, on: processor), poisoned(s, as: each, on: processor),
          count: to.count, tables[table])
        expectClearBorder(y, to, what)
        let expected = x.indices.map { Float(Reference.activate(.logistic, Double(x[$0] + a[$0]))) * s[$0 / (height * width)] }
        expectClose(plain(y, from: to, on: processor), expected, tolerance: 4e-7, what)

        let normalised = ElementwiseChain([.scaleAndShiftChannels(scale: 0, shift: 1)], x: from, operands: [factors, factors], y: to)
        y = run(normalised, poisoned(x, as: from, on: processor), scale, shift, count: to.count, tables[table])
        expectClearBorder(y, to, what)
        let affine = x.indices.map { scale[channel($0)] * x[$0] + shift[channel($0)] }
        expectClose(plain(y, from: to, on: processor), affine, tolerance: 2e-7, what)

        let constants = ElementwiseChain(
          [.scaleAndShiftByConstants(scale: AlignedFloats(scale, paddedTo: padded), shift: AlignedFloats(shift, paddedTo: padded))], x: from, y: to)
        y = run(constants, poisoned(x, as: from, on: processor), nil, nil, count: to.count, tables[table])
        expectClose(plain(y, from: to, on: processor), affine, tolerance: 2e-7, what)
      }
    }
  }

  private func run(_ chain: ElementwiseChain, _ x: [Float], _ a: [Float]?, _ b: [Float]?, count: Int, _ table: KernelTable) -> [Float] {
    var y = [Float](repeating: 99, count: count)
    var span = y.mutableSpan
    if let a, let b {
      chain.run(x.span, a.span, b.span, into: &span, on: processor(table, threads: 2))
    } else {
      chain.run(x.span, into: &span, on: processor(table, threads: 2))
    }
    return y
  }
}
