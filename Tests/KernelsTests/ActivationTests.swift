import Kernels
import Testing

@Suite struct ActivationTests {
  static let all: [Activation] = [
    .linear, .relu, .relu6, .leaky(slope: 0.1), .logistic, .tanh, .elu, .selu, .swish, .mish, .gelu, .hardSwish, .hardMish, .hardTanh, .loggy,
    .ramp, .piecewiseLinear, .stair, .leakyHardTanh,
  ]
  static let special: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, 1e-30, -1e-30, 87, -87, 88.8, -88.8, 104, -104, 1000, -1000, 0.5, -0.5, 2, -2, 4, -4, 6, 20, 21, -20,
  ]

  @Test(arguments: tables.indices) func everyActivationEqualsItsFormula(table: Int) {
    for activation in Self.all {
      for count in awkwardCounts(lanes: tables[table].lanes) {
        let x = noise(count).map { 12 * $0 }
        let y = apply(activation, x, on: tables[table])
        expectClose(y, x.map { Float(Reference.activate(activation, Double($0))) }, tolerance: 4e-7, "\(tables[table].name) \(activation) of \(count)")
      }
    }
  }

  /// ∞ · 0 is NaN where a formula says so; what must not happen is a number where the formula has none, or the reverse.
  @Test(arguments: tables.indices) func specialNumbersPassAsTheFormulaSays(table: Int) {
    for activation in Self.all {
      let y = apply(activation, Self.special, on: tables[table])
      for (x, y) in zip(Self.special, y) {
        let expected = Float(Reference.activate(activation, Double(x)))
        if x.isNaN { #expect(y.isNaN, "\(tables[table].name) \(activation) of NaN is \(y)") }
        guard x.isFinite else { continue }
        let isClose = y == expected || abs(y - expected) <= 4e-7 * (1 + abs(expected))
        #expect(isClose, "\(tables[table].name) \(activation) of \(x) is \(y), expected \(expected)")
      }
    }
  }

  @Test(arguments: tables.indices) func unalignedMemoryAndInPlace(table: Int) {
    let kernels = tables[table]
    var numbers = noise(kernels.lanes * 3 + 2)
    let expected = numbers.map { Float(Reference.activate(.mish, Double($0))) }
    numbers.withUnsafeMutableBufferPointer { buffer in
      let base = buffer.baseAddress! + 1
      kernels.activate(.mish, 0, UnsafePointer(base), base, buffer.count - 1)
    }
    expectClose(Array(numbers[1...]), Array(expected[1...]), tolerance: 4e-7)
    #expect(numbers[0] == noise(1)[0], "the float before the range was written")
  }

  private func apply(_ activation: Activation, _ x: [Float], on table: KernelTable) -> [Float] {
    var y = [Float](repeating: 99, count: x.count)
    var target = y.mutableSpan
    let line = FeatureMaps(batch: 1, channels: 1, height: 1, width: x.count)
    ElementwiseChain([.activate(activation)], x: line, y: line).run(x.span, into: &target, on: processor(table))
    return y
  }
}
