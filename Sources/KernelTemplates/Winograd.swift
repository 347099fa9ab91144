/// Bᵀ d B of `tiles` for the blocks of channels `blocks`, into `transformed` with room for `capacity` tiles.
@inlinable @inline(__always)
public func transformWinogradInput<V: Lanes>(
  _: V.Type, _ g: WinogradGeometry, tiles: Range<Int>, capacity: Int, blocks: Range<Int>, _ x: UnsafePointer<Float>,
  _ transformed: UnsafeMutablePointer<Float>
) {
  switch g.size {
  case 2: transformWinogradInput(V.self, InlineArray<4, Bool>.self, g, tiles, capacity, blocks, x, transformed)
  case 4: transformWinogradInput(V.self, InlineArray<6, Bool>.self, g, tiles, capacity, blocks, x, transformed)
  default: transformWinogradInput(V.self, InlineArray<8, Bool>.self, g, tiles, capacity, blocks, x, transformed)
  }
}

@inlinable @inline(__always)
func transformWinogradInput<V: Lanes, let n: Int>(
  _: V.Type, _: InlineArray<n, Bool>.Type, _ g: WinogradGeometry, _ tiles: Range<Int>, _ capacity: Int, _ blocks: Range<Int>,
  _ x: UnsafePointer<Float>, _ transformed: UnsafeMutablePointer<Float>
) {
  let size = n &- 2, rowStride = g.input.rowStride, blockStride = g.input.blockStride, planeStride = g.planeStride(tiles: capacity)
  let first = g.input.origin &- g.top &* rowStride &- g.left &* V.count
  // How many rows and columns can be read from the first window on: the picture's and the border's.
  let height = g.input.height &+ g.input.layout.border &+ g.top, width = g.input.width &+ g.input.layout.border &+ g.left
  var edge = InlineArray<64, V>(repeating: V.zero), columns = InlineArray<64, V>(repeating: V.zero)
  withUnsafeMutablePointer(to: &edge) { edge in
    withUnsafeMutablePointer(to: &columns) { columns in
      let edge = UnsafeMutableRawPointer(edge).assumingMemoryBound(to: Float.self)
      let columns = UnsafeMutableRawPointer(columns).assumingMemoryBound(to: Float.self)
      for block in blocks {
        var image = x + tiles.lowerBound / g.imageTiles &* g.input.imageStride
        var row = tiles.lowerBound % g.imageTiles / g.tileColumns, column = tiles.lowerBound % g.tileColumns
        for tile in 0..<tiles.count {
          var source = image + (block &* blockStride &+ first &+ size &* (row &* rowStride &+ column &* V.count)), stride = rowStride
          let rows = height &- size &* row, wide = width &- size &* column
          if rows < n || wide < n {
            for i in 0..<n {
              for j in 0..<n {
                (i < rows && j < wide ? V.load(source + (i &* rowStride &+ j &* V.count)) : V.zero).store(edge + (i &* n &+ j) &* V.count)
              }
            }
            source = UnsafePointer(edge)
            stride = n &* V.count
          }
          for j in 0..<n {  // down each column
            var d = InlineArray<8, V>(repeating: V.zero)
            for i in 0..<n { d[unchecked: i] = V.load(source + (i &* stride &+ j &* V.count)) }
            let t = winogradInputTransform(size: size, d)
            for i in 0..<n { t[unchecked: i].store(columns + (i &* n &+ j) &* V.count) }
          }
          let target = transformed + (block &* capacity &+ tile) &* V.count
          for i in 0..<n {  // along each row
            var d = InlineArray<8, V>(repeating: V.zero)
            for j in 0..<n { d[unchecked: j] = V.load(columns + (i &* n &+ j) &* V.count) }
            let t = winogradInputTransform(size: size, d)
            for j in 0..<n { t[unchecked: j].store(target + (i &* n &+ j) &* planeStride) }
          }
          column &+= 1
          if column == g.tileColumns {
            column = 0
            row &+= 1
            if row == g.tileRows {
              row = 0
              image += g.input.imageStride
            }
          }
        }
      }
    }
  }
}

/// What becomes of the sums of a convolution where they are written: y = line(sum + bias + residual).
@frozen public struct ConvolutionFinish {
  /// One number for each output, filled up with zeros to whole vectors.
  public var bias: UnsafePointer<Float>
  /// Maps of the output's sizes that are added, at the first block, and how they lie.
  public var residual: UnsafePointer<Float>?
  public var residualMaps: FeatureMaps
  public var line: ClampedLine

  @inlinable public init(bias: UnsafePointer<Float>, residual: UnsafePointer<Float>?, residualMaps: FeatureMaps, line: ClampedLine) {
    self.bias = bias
    self.residual = residual
    self.residualMaps = residualMaps
    self.line = line
  }
}

/// Aᵀ M A of `tiles` for one panel of outputs, finished, into the maps `y`; `products` has room for `capacity` tiles.
@inlinable @inline(__always)
public func transformWinogradOutput<V: Lanes>(
  _: V.Type, _ g: WinogradGeometry, tiles: Range<Int>, capacity: Int, panel: Int, _ products: UnsafePointer<Float>, _ finish: ConvolutionFinish,
  _ y: UnsafeMutablePointer<Float>
) {
  switch g.size {
  case 2: transformWinogradOutput(V.self, InlineArray<4, Bool>.self, g, tiles, capacity, panel, products, finish, y)
  case 4: transformWinogradOutput(V.self, InlineArray<6, Bool>.self, g, tiles, capacity, panel, products, finish, y)
  default: transformWinogradOutput(V.self, InlineArray<8, Bool>.self, g, tiles, capacity, panel, products, finish, y)
  }
}

@inlinable @inline(__always)
func transformWinogradOutput<V: Lanes, let n: Int>(
  _: V.Type, _: InlineArray<n, Bool>.Type, _ g: WinogradGeometry, _ tiles: Range<Int>, _ capacity: Int, _ panel: Int,
  _ products: UnsafePointer<Float>, _ finish: ConvolutionFinish, _ y: UnsafeMutablePointer<Float>
) {
  let size = n &- 2, productStride = g.productStride(tiles: capacity), rowStride = g.output.rowStride
  let residualRow = finish.residualMaps.rowStride
  var columns = InlineArray<48, V>(repeating: V.zero), square = InlineArray<36, V>(repeating: V.zero)
  withUnsafeMutablePointer(to: &columns) { columns in
    withUnsafeMutablePointer(to: &square) { square in
      let columns = UnsafeMutableRawPointer(columns).assumingMemoryBound(to: Float.self)
      let square = UnsafeMutableRawPointer(square).assumingMemoryBound(to: Float.self)
      for half in 0..<min(2, g.output.blocks &- 2 &* panel) {
        let block = 2 &* panel &+ half
        let bias = V.load(finish.bias + block &* V.count)
        let image = tiles.lowerBound / g.imageTiles
        var target = y + (image &* g.output.imageStride &+ block &* g.output.blockStride &+ g.output.origin)
        var residual = finish.residual.map {
          $0 + (image &* finish.residualMaps.imageStride &+ block &* finish.residualMaps.blockStride &+ finish.residualMaps.origin)
        }
        var row = tiles.lowerBound % g.imageTiles / g.tileColumns &* size, column = tiles.lowerBound % g.tileColumns &* size
        for tile in 0..<tiles.count {
          let source = products + (half &* capacity &+ tile) &* V.count
          for j in 0..<n {  // down each column
            var m = InlineArray<8, V>(repeating: V.zero)
            for i in 0..<n { m[unchecked: i] = V.load(source + (i &* n &+ j) &* productStride) }
            let t = winogradOutputTransform(size: size, m)
            for i in 0..<size { t[unchecked: i].store(columns + (i &* n &+ j) &* V.count) }
          }
          let height = min(size, g.outputHeight &- row), width = min(size, g.outputWidth &- column)
          if height == size && width == size && !g.isPooled {
            let place = target + (row &* rowStride &+ column &* V.count)
            for i in 0..<size {  // along each row
              var m = InlineArray<8, V>(repeating: V.zero)
              for j in 0..<n { m[unchecked: j] = V.load(columns + (i &* n &+ j) &* V.count) }
              let t = winogradOutputTransform(size: size, m)
              if let residual {
                let more = residual + ((row &+ i) &* residualRow &+ column &* V.count)
                for j in 0..<size { finish.line(t[unchecked: j] + bias + V.load(more + j &* V.count)).store(place + (i &* rowStride &+ j &* V.count)) }
              } else {
                for j in 0..<size { finish.line(t[unchecked: j] + bias).store(place + (i &* rowStride &+ j &* V.count)) }
              }
            }
          } else {
            for i in 0..<size {
              var m = InlineArray<8, V>(repeating: V.zero)
              for j in 0..<n { m[unchecked: j] = V.load(columns + (i &* n &+ j) &* V.count) }
              let t = winogradOutputTransform(size: size, m)
              for j in 0..<size {
                var sum = t[unchecked: j] + bias
                if let residual, i < height && j < width {
                  sum = sum + V.load(residual + ((row &+ i) &* residualRow &+ (column &+ j) &* V.count))
                }
                finish.line(sum).store(square + (i &* size &+ j) &* V.count)
              }
            }
            if g.isPooled {
              let place = target + (row / 2 &* rowStride &+ column / 2 &* V.count)
              for i in 0..<height / 2 {
                for j in 0..<width / 2 {
                  let corner = square + (2 &* (i &* size &+ j)) &* V.count, below = corner + size &* V.count
                  V.maximum(V.maximum(V.load(corner), V.load(corner + V.count)), V.maximum(V.load(below), V.load(below + V.count)))
                    .store(place + (i &* rowStride &+ j &* V.count))
                }
              }
            } else {
              let place = target + (row &* rowStride &+ column &* V.count)
              for i in 0..<height {
                for j in 0..<width { V.load(square + (i &* size &+ j) &* V.count).store(place + (i &* rowStride &+ j &* V.count)) }
              }
            }
          }
          column &+= size
          if column >= g.tileColumns &* size {
            column = 0
            row &+= size
            if row >= g.tileRows &* size {
              row = 0
              target += g.output.imageStride
              residual = residual.map { $0 + finish.residualMaps.imageStride }
            }
          }
        }
      }
    }
  }
}

/// G g Gᵀ of all 3×3 kernels of one panel of outputs, zeros beyond the last output.
///
/// `weights` lie as `order` says; `panel` is [n²][channels][2 V], or one V when the panel has one block.
@inlinable @inline(__always)
public func transformWinogradWeights<V: Lanes>(
  _: V.Type, _ g: WinogradGeometry, panel number: Int, _ weights: UnsafePointer<Float>, _ order: WeightOrder,
  _ panel: UnsafeMutablePointer<Float>
) {
  switch g.size {
  case 2: transformWinogradWeights(V.self, InlineArray<4, Bool>.self, g, number, weights, order, panel)
  case 4: transformWinogradWeights(V.self, InlineArray<6, Bool>.self, g, number, weights, order, panel)
  default: transformWinogradWeights(V.self, InlineArray<8, Bool>.self, g, number, weights, order, panel)
  }
}

@inlinable @inline(__always)
func transformWinogradWeights<V: Lanes, let n: Int>(
  _: V.Type, _: InlineArray<n, Bool>.Type, _ g: WinogradGeometry, _ number: Int, _ weights: UnsafePointer<Float>, _ order: WeightOrder,
  _ panel: UnsafeMutablePointer<Float>
) {
  let size = n &- 2, channels = g.input.channels, halves = min(2, g.output.blocks &- 2 &* number), width = halves &* V.count
  var kernel = InlineArray<9, V>(repeating: V.zero), rows = InlineArray<24, V>(repeating: V.zero)
  withUnsafeTemporaryAllocation(of: V.self, capacity: 1) { gathered in
    let gathered = UnsafeMutableRawPointer(gathered.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: Float.self)
    for half in 0..<halves {
      let firstOutput = (2 &* number &+ half) &* V.count, outputs = min(V.count, g.output.channels &- firstOutput)
      for channel in 0..<channels {
        for position in 0..<9 {
          V.zero.store(gathered)
          let source = weights + (order.start &+ channel &* order.channelStep &+ position / 3 &* order.rowStep &+ position % 3 &* order.columnStep)
          for output in 0..<outputs { gathered[output] = source[(firstOutput &+ output) &* order.outputStep] }
          kernel[unchecked: position] = V.load(gathered)
        }
        for j in 0..<3 {  // down each column
          let t = winogradWeightTransform(size: size, [kernel[unchecked: j], kernel[unchecked: 3 &+ j], kernel[unchecked: 6 &+ j]])
          for i in 0..<n { rows[unchecked: i &* 3 &+ j] = t[unchecked: i] }
        }
        for i in 0..<n {  // along each row
          let t = winogradWeightTransform(size: size, [rows[unchecked: 3 &* i], rows[unchecked: 3 &* i &+ 1], rows[unchecked: 3 &* i &+ 2]])
          for j in 0..<n { t[unchecked: j].store(panel + (((i &* n &+ j) &* channels &+ channel) &* width &+ half &* V.count)) }
        }
      }
    }
  }
}
