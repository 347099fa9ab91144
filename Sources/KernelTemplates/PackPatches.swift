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
  /// Where the panels go: [⌈columns / 2 vectors⌉][depths][2 vectors], and a vector more.
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
///
/// Lines are written from front to back in whole vectors, whose surplus the next write covers; so one vector after the last panel is written too.
@inlinable @inline(__always)
public func packPatches<V: Lanes>(_: V.Type, _ p: PatchPacking) {
  let width = 2 &* V.count, g = p.geometry
  let plane = g.inputHeight &* g.inputWidth, window = g.kernelHeight &* g.kernelWidth
  let lastChannel = (p.depths.upperBound &- 1) / window
  let inputEnd = p.input + (lastChannel &+ 1) &* plane
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

      let channel = p.depths.lowerBound / window
      let inside = p.depths.lowerBound &- channel &* window
      var u = inside / g.kernelWidth, v = inside &- (inside / g.kernelWidth) &* g.kernelWidth
      var map = p.input + channel &* plane
      for _ in 0..<p.depths.count {
        var place = target
        for run in 0..<runCount {
          let y = runs[3 &* run] &+ u &* g.dilation, x = runs[3 &* run &+ 1] &+ v &* g.dilation
          let length = runs[3 &* run &+ 2]
          if y >= 0 && y < g.inputHeight {
            packRun(V.self, map + y &* g.inputWidth, width: g.inputWidth, stride: g.stride, x, length, place, inputEnd)
          } else {
            clear(V.self, place, length)
          }
          place += length
        }
        target += width
        if place < target { clear(V.self, place, target - place) }  // leftovers there could be slow denormal numbers
        v &+= 1
        if v == g.kernelWidth {
          v = 0
          u &+= 1
          if u == g.kernelHeight {
            u = 0
            map += plane
          }
        }
      }
      first = end
    }
  }
}

/// Copies `length` pixels of a row, from column `x` on in steps of the stride, zeros outside the row.
@inlinable @inline(__always)
func packRun<V: Lanes>(
  _: V.Type, _ row: UnsafePointer<Float>, width: Int, stride: Int, _ x: Int, _ length: Int, _ target: UnsafeMutablePointer<Float>,
  _ inputEnd: UnsafePointer<Float>
) {
  if stride == 1 {
    let low = max(0, min(length, 0 &- x)), high = max(low, min(length, width &- x))
    if low > 0 { clear(V.self, target, low) }
    let source = row + x
    var j = low
    while j < high && source + (j &+ V.count) <= inputEnd {
      V.load(source + j).store(target + j)
      j &+= V.count
    }
    while j < high {  // only at the very end of the input
      target[j] = source[j]
      j &+= 1
    }
    if high < length { clear(V.self, target + high, length &- high) }
  } else {
    for j in 0..<length {
      let column = x &+ j &* stride
      target[j] = column >= 0 && column < width ? row[column] : 0
    }
  }
}

/// Writes at least `count` zeros, in whole vectors.
@inlinable @inline(__always)
func clear<V: Lanes>(_: V.Type, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
  var j = 0
  while j < count {
    V.zero.store(target + j)
    j &+= V.count
  }
}
