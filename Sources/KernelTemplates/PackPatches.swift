/// How a convolution's windows lie on its input: see ``packPatches(_:_:)``.
@frozen public struct PatchGeometry: Sendable, Hashable {
  public var inputHeight, inputWidth, outputWidth: Int
  public var kernelHeight, kernelWidth, stride, dilation: Int
  /// Rows and columns of zeros before the first row and column of the input.
  public var top, left: Int

  @inlinable public init(
    inputHeight: Int, inputWidth: Int, outputWidth: Int, kernelHeight: Int, kernelWidth: Int, stride: Int, dilation: Int, top: Int, left: Int
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.outputWidth = outputWidth
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.dilation = dilation
    self.top = top
    self.left = left
  }
}

/// A part of the patch matrix: rows `depths`, columns `columns`.
@frozen public struct PatchPacking {
  public var geometry: PatchGeometry
  /// The maps of one picture and one group: [channels][input height][input width].
  public var input: UnsafePointer<Float>
  public var depths: Range<Int>
  public var columns: Range<Int>
  /// Where the panels go: [⌈columns / 2 vectors⌉][depths][2 vectors].
  public var panels: UnsafeMutablePointer<Float>

  @inlinable public init(
    geometry: PatchGeometry, input: UnsafePointer<Float>, depths: Range<Int>, columns: Range<Int>, panels: UnsafeMutablePointer<Float>
  ) {
    self.geometry = geometry
    self.input = input
    self.depths = depths
    self.columns = columns
    self.panels = panels
  }
}

/// B[(c, u, v), (i, j)] = x[c, i·stride + u·dilation − top, j·stride + v·dilation − left], zero outside the input: a part of the matrix whose product with
/// the weights is the convolution, in the panels that ``multiplyBlock(_:_:tileRows:)`` takes. The whole matrix is never in memory ("implicit im2col").
@inlinable @inline(__always)
public func packPatches<V: Lanes>(_: V.Type, _ p: PatchPacking) {
  let width = 2 &* V.count, g = p.geometry
  let plane = g.inputHeight &* g.inputWidth, window = g.kernelHeight &* g.kernelWidth
  // The outputs of a panel lie in runs, one an output row: (row, first column, length) each.
  withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 &* width) { runs in
    let runs = runs.baseAddress.unsafelyUnwrapped
    var target = p.panels
    var first = p.columns.lowerBound
    while first < p.columns.upperBound {
      let end = min(first &+ width, p.columns.upperBound)
      var runCount = 0
      var position = first
      while position < end {
        let row = position / g.outputWidth, column = position &- row &* g.outputWidth
        let length = min(g.outputWidth &- column, end &- position)
        runs[3 &* runCount] = row &* g.stride &- g.top
        runs[3 &* runCount &+ 1] = column &* g.stride &- g.left
        runs[3 &* runCount &+ 2] = length
        runCount &+= 1
        position &+= length
      }

      var channel = p.depths.lowerBound / window
      let inside = p.depths.lowerBound &- channel &* window
      var u = inside / g.kernelWidth, v = inside &- (inside / g.kernelWidth) &* g.kernelWidth
      for _ in 0..<p.depths.count {
        let map = p.input + channel &* plane
        var place = target
        for run in 0..<runCount {
          let y = runs[3 &* run] &+ u &* g.dilation, x = runs[3 &* run &+ 1] &+ v &* g.dilation
          let length = runs[3 &* run &+ 2]
          packRun(V.self, map, g, y, x, length, place)
          place += length
        }
        target += width
        v &+= 1
        if v == g.kernelWidth {
          v = 0
          u &+= 1
          if u == g.kernelHeight {
            u = 0
            channel &+= 1
          }
        }
      }
      first = end
    }
  }
}

/// Copies `length` pixels of row `y`, from column `x` on in steps of the stride, zeros outside the map.
@inlinable @inline(__always)
func packRun<V: Lanes>(
  _: V.Type, _ map: UnsafePointer<Float>, _ g: PatchGeometry, _ y: Int, _ x: Int, _ length: Int, _ target: UnsafeMutablePointer<Float>
) {
  guard y >= 0 && y < g.inputHeight else {
    for j in 0..<length { target[j] = 0 }
    return
  }
  let row = map + y &* g.inputWidth
  if g.stride == 1 {
    if length == 2 &* V.count && x >= 0 && x &+ length <= g.inputWidth {
      V.load(row + x).store(target)
      V.load(row + x + V.count).store(target + V.count)
      return
    }
    let low = max(0, min(length, 0 &- x)), high = max(low, min(length, g.inputWidth &- x))
    for j in 0..<low { target[j] = 0 }
    for j in low..<high { target[j] = row[x &+ j] }
    for j in high..<length { target[j] = 0 }
  } else {
    for j in 0..<length {
      let column = x &+ j &* g.stride
      target[j] = column >= 0 && column < g.inputWidth ? row[column] : 0
    }
  }
}
