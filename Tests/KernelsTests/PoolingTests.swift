import Kernels
import Testing

@Suite struct PoolingTests {
  @Test(arguments: tables.indices, [PoolingKind.max, .average]) func equalsTheReference(table: Int, kind: PoolingKind) {
    for (size, stride, pad) in [(2, 2, 0), (2, 1, 1), (3, 2, 1), (3, 1, 1), (5, 1, 2), (13, 1, 6), (1, 1, 0), (2, 3, 0), (4, 2, 3)] {
      for width in awkwardCounts(lanes: tables[table].lanes) where width + pad >= size {
        for height in [size, size + 1, 7] where height + pad >= size {
          let geometry = PoolingGeometry(
            inputHeight: height, inputWidth: width, outputHeight: (height + pad - size) / stride + 1, outputWidth: (width + pad - size) / stride + 1,
            size: size, stride: stride, top: pad / 2, left: pad / 2)
          let maps = 3
          let x = noise(maps * height * width)
          let what = "\(tables[table].name) \(kind) \(size)/\(stride) of \(height)×\(width)"
          expectClose(run(kind, x, geometry, maps, tables[table]), Reference.pool(kind, x, geometry: geometry, maps: maps), tolerance: 1e-7, what)
        }
      }
    }
  }

  @Test(arguments: tables.indices) func specialNumbers(table: Int) {
    let geometry = PoolingGeometry(
      inputHeight: 4, inputWidth: 37, outputHeight: 2, outputWidth: 18, size: 2, stride: 2, top: 0, left: 0)
    for position in [0, 1, 5, 36, 38, 74, 111, 147] {
      for value in [Float.nan, .infinity, -.infinity] {
        var x = noise(148)
        x[position] = value
        let found = run(.max, x, geometry, 1, tables[table])
        expectClose(found, Reference.pool(.max, x, geometry: geometry, maps: 1), tolerance: 0, "\(tables[table].name) \(value) at \(position)")
      }
    }
  }

  private func run(_ kind: PoolingKind, _ x: [Float], _ geometry: PoolingGeometry, _ maps: Int, _ table: KernelTable) -> [Float] {
    let processor = processor(table, threads: 2)
    var y = [Float](repeating: 99, count: maps * geometry.outputHeight * geometry.outputWidth)
    var scratch = [Float](repeating: 99, count: poolingScratchCount(geometry, threadCount: 2))
    var ySpan = y.mutableSpan, scratchSpan = scratch.mutableSpan
    pool(kind, x.span, geometry: geometry, maps: maps, into: &ySpan, scratch: &scratchSpan, on: processor)
    return y
  }
}
