/// The sizes of a convolution F(4×4, 3×3), for one picture and its working memory.
///
/// Channels go in blocks of one vector; a tile is 4×4 outputs and reads 6×6 inputs. Working memory, V = one vector:
/// - blocked maps: [channel blocks][rows][columns][V], with rows = 4 · tile rows + 2 and columns alike, zeros around the picture and after its last channel;
/// - transformed inputs: [36][channel blocks][tiles][V], planes `planeStride` floats apart;
/// - transformed weights: [output panels][36][channel blocks · V][2 V];
/// - products: [36][2][tiles][V] for one panel of two blocks of outputs.
@frozen public struct WinogradGeometry: Sendable {
  public var channels, outputs: Int
  public var inputHeight, inputWidth, outputHeight, outputWidth: Int
  /// Rows and columns of zeros before the picture.
  public var top, left: Int
  public var lanes: Int

  @inlinable public init(
    channels: Int, outputs: Int, inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int, top: Int, left: Int, lanes: Int
  ) {
    self.channels = channels
    self.outputs = outputs
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.top = top
    self.left = left
    self.lanes = lanes
  }

  @inlinable public var channelBlocks: Int { (channels + lanes - 1) / lanes }
  @inlinable public var outputPanels: Int { (outputs + 2 * lanes - 1) / (2 * lanes) }
  @inlinable public var tileRows: Int { (outputHeight + 3) / 4 }
  @inlinable public var tileColumns: Int { (outputWidth + 3) / 4 }
  @inlinable public var tiles: Int { tileRows * tileColumns }
  /// Floats from one row of a block of maps to the next, and from one block to the next.
  @inlinable public var rowStride: Int { (4 * tileColumns + 2) * lanes }
  @inlinable public var blockStride: Int { (4 * tileRows + 2) * rowStride }
  /// An odd number of vectors lies between planes, so that the 36 planes do not fall on the same lines of a cache.
  @inlinable public func planeStride(tiles: Int) -> Int { (channelBlocks * tiles | 1) * lanes }
  /// The same for the products of one panel.
  @inlinable public func productStride(tiles: Int) -> Int { (2 * tiles | 1) * lanes }
}

/// Copies one block of channels of `x`, [channels][input height][input width], into blocked maps with their border of zeros.
@inlinable @inline(__always)
public func blockChannels<V: Lanes>(_: V.Type, _ g: WinogradGeometry, block: Int, _ x: UnsafePointer<Float>, _ blocks: UnsafeMutablePointer<Float>) {
  let rows = 4 &* g.tileRows &+ 2, columns = 4 &* g.tileColumns &+ 2
  let firstChannel = block &* V.count, channels = min(V.count, g.channels &- firstChannel)
  let plane = g.inputHeight &* g.inputWidth
  let target = blocks + block &* g.blockStride
  let right = min(columns, g.left &+ g.inputWidth)
  for row in 0..<rows {
    let line = target + row &* g.rowStride, y = row &- g.top
    guard y >= 0 && y < g.inputHeight else {
      for column in 0..<columns { V.zero.store(line + column &* V.count) }
      continue
    }
    for column in 0..<g.left { V.zero.store(line + column &* V.count) }
    for column in right..<max(right, columns) { V.zero.store(line + column &* V.count) }
    let source = x + (firstChannel &* plane &+ y &* g.inputWidth &- g.left)
    for column in g.left..<right {
      let pixel = line + column &* V.count
      for channel in 0..<channels { pixel[channel] = source[channel &* plane &+ column] }
      for channel in channels..<V.count { pixel[channel] = 0 }
    }
  }
}

/// Bᵀ d B of `tiles` for blocks of channels `blocks`, into `transformed` with room for `tiles.count` tiles.
@inlinable @inline(__always)
public func transformWinogradInput<V: Lanes>(
  _: V.Type, _ g: WinogradGeometry, tiles: Range<Int>, blocks: Range<Int>, _ maps: UnsafePointer<Float>, _ transformed: UnsafeMutablePointer<Float>
) {
  let planeStride = g.planeStride(tiles: tiles.count), columns = g.tileColumns
  var rows = InlineArray<36, V>(repeating: V.zero)
  for block in blocks {
    for tile in tiles {
      let source = maps + (block &* g.blockStride &+ 4 &* (tile / columns) &* g.rowStride &+ 4 &* (tile % columns) &* V.count)
      for i in 0..<6 {  // along each row
        let line = source + i &* g.rowStride
        var d = InlineArray<6, V>(repeating: V.zero)
        for j in 0..<6 { d[unchecked: j] = V.load(line + j &* V.count) }
        let t = winogradInputTransform(d)
        for j in 0..<6 { rows[unchecked: i &* 6 &+ j] = t[unchecked: j] }
      }
      let target = transformed + (block &* tiles.count &+ (tile &- tiles.lowerBound)) &* V.count
      for j in 0..<6 {  // down each column
        var d = InlineArray<6, V>(repeating: V.zero)
        for i in 0..<6 { d[unchecked: i] = rows[unchecked: i &* 6 &+ j] }
        let t = winogradInputTransform(d)
        for i in 0..<6 { t[unchecked: i].store(target + (i &* 6 &+ j) &* planeStride) }
      }
    }
  }
}

/// The 36 products of transformed inputs with one panel of transformed weights.
@inlinable @inline(__always)
public func multiplyWinograd<V: Lanes>(
  _: V.Type, _ g: WinogradGeometry, tiles: Int, _ transformed: UnsafePointer<Float>, _ panel: UnsafePointer<Float>,
  _ products: UnsafeMutablePointer<Float>, tileRows: Int
) {
  let planeStride = g.planeStride(tiles: tiles), productStride = g.productStride(tiles: tiles), depth = g.channelBlocks &* V.count
  let groups = RowPanels(rows: tiles, largest: tileRows)
  for plane in 0..<36 {
    let b = panel + plane &* depth &* 2 &* V.count
    var first = 0
    for group in 0..<groups.count {
      let rows = groups.height(of: group)
      multiplySegments(
        V.self, rows, g.channelBlocks, transformed + (plane &* planeStride &+ first &* V.count), tiles &* V.count, b,
        products + (plane &* productStride &+ first &* V.count), tiles &* V.count)
      first &+= rows
    }
  }
}

/// Aᵀ M A of all tiles of one panel, plus bias, through the activation, into the maps of y, [outputs][output height][output width].
///
/// - Parameters:
///   - bias: one number for each output, filled up with zeros to whole panels.
///   - aside: [tiles][16][V].
@inlinable @inline(__always)
public func transformWinogradOutput<V: Lanes>(
  _: V.Type, _ g: WinogradGeometry, tiles: Range<Int>, panel: Int, _ products: UnsafePointer<Float>, bias: UnsafePointer<Float>,
  activation: Activation, aside: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>
) {
  let productStride = g.productStride(tiles: tiles.count), plane = g.outputHeight &* g.outputWidth
  var columns = InlineArray<24, V>(repeating: V.zero)
  for half in 0..<2 {
    let firstOutput = (2 &* panel &+ half) &* V.count
    guard firstOutput < g.outputs else { return }
    let biases = V.load(bias + firstOutput)
    for tile in 0..<tiles.count {
      let source = products + (half &* tiles.count &+ tile) &* V.count
      for j in 0..<6 {  // down each column
        var m = InlineArray<6, V>(repeating: V.zero)
        for i in 0..<6 { m[unchecked: i] = V.load(source + (i &* 6 &+ j) &* productStride) }
        let t = winogradOutputTransform(m)
        for i in 0..<4 { columns[unchecked: i &* 6 &+ j] = t[unchecked: i] }
      }
      for i in 0..<4 {  // along each row
        var m = InlineArray<6, V>(repeating: V.zero)
        for j in 0..<6 { m[unchecked: j] = columns[unchecked: i &* 6 &+ j] }
        let t = winogradOutputTransform(m)
        for j in 0..<4 { (t[unchecked: j] + biases).store(aside + ((tile &* 16 &+ i &* 4 &+ j) &* V.count)) }
      }
    }
    activate(V.self, activation, bias: 0, UnsafePointer(aside), aside, count: tiles.count &* 16 &* V.count)
    let outputs = min(V.count, g.outputs &- firstOutput)
    for tile in 0..<tiles.count {
      let row = (tiles.lowerBound &+ tile) / g.tileColumns &* 4, column = (tiles.lowerBound &+ tile) % g.tileColumns &* 4
      let height = min(4, g.outputHeight &- row), width = min(4, g.outputWidth &- column)
      let source = aside + tile &* 16 &* V.count
      for output in 0..<outputs {
        let target = y + ((firstOutput &+ output) &* plane &+ row &* g.outputWidth &+ column)
        if width == 4 {
          for i in 0..<height {
            for j in 0..<4 { target[i &* g.outputWidth &+ j] = source[(i &* 4 &+ j) &* V.count &+ output] }
          }
        } else {
          for i in 0..<height {
            for j in 0..<width { target[i &* g.outputWidth &+ j] = source[(i &* 4 &+ j) &* V.count &+ output] }
          }
        }
      }
    }
  }
}

/// G g Gᵀ of all 3×3 kernels of one panel of outputs, zeros beyond the last output and channel.
///
/// `weights` is [outputs][channels][3][3]; `panel` [36][channel blocks · V][2 V].
@inlinable @inline(__always)
public func transformWinogradWeights<V: Lanes>(
  _: V.Type, _ g: WinogradGeometry, panel number: Int, _ weights: UnsafePointer<Float>, _ panel: UnsafeMutablePointer<Float>
) {
  let depth = g.channelBlocks &* V.count, width = 2 &* V.count
  var kernel = InlineArray<9, V>(repeating: V.zero), rows = InlineArray<18, V>(repeating: V.zero)
  withUnsafeTemporaryAllocation(of: V.self, capacity: 1) { gathered in
    let gathered = UnsafeMutableRawPointer(gathered.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: Float.self)
    for half in 0..<2 {
      let firstOutput = number &* width &+ half &* V.count, outputs = max(0, min(V.count, g.outputs &- firstOutput))
      for channel in 0..<depth {
        for position in 0..<9 {
          V.zero.store(gathered)
          if channel < g.channels {
            for output in 0..<outputs { gathered[output] = weights[((firstOutput &+ output) &* g.channels &+ channel) &* 9 &+ position] }
          }
          kernel[unchecked: position] = V.load(gathered)
        }
        for j in 0..<3 {  // down each column
          let t = winogradWeightTransform([kernel[unchecked: j], kernel[unchecked: 3 &+ j], kernel[unchecked: 6 &+ j]])
          for i in 0..<6 { rows[unchecked: i &* 3 &+ j] = t[unchecked: i] }
        }
        for i in 0..<6 {  // along each row
          let t = winogradWeightTransform([rows[unchecked: 3 &* i], rows[unchecked: 3 &* i &+ 1], rows[unchecked: 3 &* i &+ 2]])
          for j in 0..<6 { t[unchecked: j].store(panel + (((i &* 6 &+ j) &* depth &+ channel) &* width &+ half &* V.count)) }
        }
      }
    }
  }
}
