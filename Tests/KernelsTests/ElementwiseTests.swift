import Kernels
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: tables.indices) func sumsProductsAndScales(table: Int) {
    let processor = processor(tables[table], threads: 2)
    for count in awkwardCounts(lanes: tables[table].lanes) + [5_000, 9_001] {
      let a = noise(count), b = noise(count, seed: 2)
      var y = [Float](repeating: 99, count: count)
      func result(_ body: (inout MutableSpan<Float>) -> Void) -> [Float] {
        var span = y.mutableSpan
        body(&span)
        return y
      }
      expectClose(result { add(a.span, b.span, into: &$0, on: processor) }, zip(a, b).map { $0 + $1 }, tolerance: 0, "add \(count)")
      let rectified = zip(a, b).map { max($0 + $1, 0) }
      expectClose(result { add(a.span, b.span, activation: .relu, into: &$0, on: processor) }, rectified, tolerance: 0, "add, relu \(count)")
      expectClose(result { multiply(a.span, b.span, into: &$0, on: processor) }, zip(a, b).map { $0 * $1 }, tolerance: 0, "multiply \(count)")
      let scaled = a.map { 2.5 * $0 - 1 }
      expectClose(result { scaleAndShift(a.span, scale: 2.5, shift: -1, into: &$0, on: processor) }, scaled, tolerance: 2e-7, "scale \(count)")
    }
  }

  @Test(arguments: tables.indices) func mapsAreScaledByTheirOwnNumbers(table: Int) {
    let processor = processor(tables[table], threads: 2)
    let maps = 6, count = 35
    let x = noise(maps * count), scales = noise(maps, seed: 5)
    var y = [Float](repeating: 99, count: x.count)
    var span = y.mutableSpan
    scaleMaps(x.span, by: scales.span, into: &span, on: processor)
    expectClose(y, x.indices.map { x[$0] * scales[$0 / count] }, tolerance: 1e-7)
    var again = y.mutableSpan
    scaleAndShiftMaps(x.span, scale: [2, 3, 4], shift: [0, 1, -1], mapCount: count, into: &again, on: processor)
    expectClose(y, x.indices.map { x[$0] * [2, 3, 4][$0 / count % 3] + [0, 1, -1][$0 / count % 3] }, tolerance: 2e-7)
  }

  @Test func softmaxSumsToOneAndDoesNotOverflow() {
    let x: [Float] = [1000, 999, 998, -1000]
    var y = [Float](repeating: 0, count: 4)
    var span = y.mutableSpan
    softmax(x.span, from: 0, count: 4, stride: 1, temperature: 1, into: &span)
    expectClose(y, [0.665_240_96, 0.244_728_47, 0.090_030_57, 0], tolerance: 1e-6)
  }
}
