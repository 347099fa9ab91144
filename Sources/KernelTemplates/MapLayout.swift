/// How feature maps lie in memory: `[batch][blocks][border + height + border][border + width + border][lanes]`.
///
/// Channels go in blocks of `lanes`, so that a vector holds one pixel of as many channels; the last block is filled up with channels that mean nothing. With
/// one lane this is the plain `[batch][channels][height][width]`. The border is stored zeros: a window that hangs over the edge then reads them like any
/// pixel, and no loop asks where the edge is.
@frozen public struct MapLayout: Hashable, Sendable {
  /// Channels that lie side by side.
  public var lanes: Int
  /// Rows and columns of zeros on each side of a map.
  public var border: Int

  @inlinable public init(lanes: Int, border: Int = 0) {
    self.lanes = lanes
    self.border = border
  }

  /// `[batch][channels][height][width]`
  public static let plain = MapLayout(lanes: 1)

  @inlinable public var isPlain: Bool { lanes == 1 && border == 0 }
}

/// The sizes of feature maps and how they lie in memory.
@frozen public struct FeatureMaps: Hashable, Sendable {
  public var batch, channels, height, width: Int
  public var layout: MapLayout

  @inlinable public init(batch: Int, channels: Int, height: Int, width: Int, layout: MapLayout = .plain) {
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
    self.layout = layout
  }

  /// How many blocks of channels a picture has.
  @inlinable public var blocks: Int { (channels + layout.lanes - 1) / layout.lanes }
  /// Floats from one pixel, row, block or picture to the next.
  @inlinable public var pixelStride: Int { layout.lanes }
  @inlinable public var rowStride: Int { (width + 2 * layout.border) * layout.lanes }
  @inlinable public var blockStride: Int { (height + 2 * layout.border) * rowStride }
  @inlinable public var imageStride: Int { blocks * blockStride }
  /// Where the first pixel of a block lies, after its border.
  @inlinable public var origin: Int { layout.border * (rowStride + layout.lanes) }
  /// How many floats all maps take.
  @inlinable public var count: Int { batch * imageStride }
}

/// Zeros in the border of one block of maps that begins at `block`.
@inlinable @inline(__always)
public func clearBorder<V: Lanes>(_: V.Type, _ maps: FeatureMaps, _ block: UnsafeMutablePointer<Float>) {
  let border = maps.layout.border
  guard border > 0 else { return }
  let row = maps.rowStride, edge = border &* row, side = border &* maps.layout.lanes
  fillWithZeros(V.self, block, count: edge)
  fillWithZeros(V.self, block + (maps.blockStride &- edge), count: edge)
  var line = block + edge
  for _ in 0..<maps.height {
    fillWithZeros(V.self, line, count: side)
    fillWithZeros(V.self, line + (row &- side), count: side)
    line += row
  }
}

/// y[i] = 0 for `count` floats.
@inlinable @inline(__always)
public func fillWithZeros<V: Lanes>(_: V.Type, _ target: UnsafeMutablePointer<Float>, count: Int) {
  var index = 0
  while index &+ V.count <= count {
    V.zero.store(target + index)
    index &+= V.count
  }
  while index < count {
    target[index] = 0
    index &+= 1
  }
}
