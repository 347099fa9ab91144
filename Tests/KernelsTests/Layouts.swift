import Kernels
import Testing

/// Plain maps in another layout.
func laidOut(_ x: [Float], as maps: FeatureMaps, on processor: Processor) -> [Float] {
  var from = maps
  from.layout = .plain
  var y = [Float](repeating: .nan, count: maps.count)
  var span = y.mutableSpan
  changeLayout(x.span, from: from, into: &span, to: maps, on: processor)
  return y
}

/// Plain maps in another layout, with large numbers in the lanes that no channel has.
func poisoned(_ x: [Float], as maps: FeatureMaps, on processor: Processor) -> [Float] {
  var y = laidOut(x, as: maps, on: processor)
  let lanes = maps.layout.lanes, tail = maps.blocks * lanes - maps.channels
  for image in 0..<maps.batch {
    for row in 0..<maps.height {
      for column in 0..<maps.width {
        let pixel = (image * maps.blocks + maps.blocks - 1) * maps.blockStride + maps.origin + row * maps.rowStride + column * lanes
        for lane in lanes - tail..<lanes { y[pixel + lane] = 1e20 }
      }
    }
  }
  return y
}

/// Maps of another layout as plain ones.
func plain(_ y: [Float], from maps: FeatureMaps, on processor: Processor) -> [Float] {
  var to = maps
  to.layout = .plain
  var x = [Float](repeating: .nan, count: to.count)
  var span = x.mutableSpan
  changeLayout(y.span, from: maps, into: &span, to: to, on: processor)
  return x
}

/// Expects zeros around each map.
func expectClearBorder(_ y: [Float], _ maps: FeatureMaps, _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let border = maps.layout.border, lanes = maps.layout.lanes
  for block in 0..<maps.batch * maps.blocks {
    for row in 0..<maps.height + 2 * border {
      for column in 0..<maps.width + 2 * border {
        let isInside = row >= border && row < border + maps.height && column >= border && column < border + maps.width
        guard !isInside else { continue }
        let first = block * maps.blockStride + row * maps.rowStride + column * lanes
        guard y[first..<first + lanes].allSatisfy({ $0 == 0 }) else {
          Issue.record("\(what): the border at row \(row), column \(column) of block \(block) is not zero", sourceLocation: sourceLocation)
          return
        }
      }
    }
  }
}
