import KernelTemplates

/// Where the outputs of a convolution go: to all pixels of its maps, or to every so many rows and columns of larger ones, as the parts of the gradient of a
/// strided convolution do.
struct OutputPlaces: Sendable {
  let maps: FeatureMaps
  /// The first row and column that are written, and how far apart they lie.
  let row, column, stride: Int

  init(_ maps: FeatureMaps, row: Int = 0, column: Int = 0, stride: Int = 1) {
    self.maps = maps
    self.row = row
    self.column = column
    self.stride = stride
  }

  /// Whether these are the first of the parts that fill the maps: it clears their border.
  var isFirst: Bool { row == 0 && column == 0 }
  /// Where the first output lies in a block.
  var origin: Int { maps.origin + row * maps.rowStride + column * maps.pixelStride }
  var rowStep: Int { stride * maps.rowStride }
  var pixelStep: Int { stride * maps.pixelStride }

  /// Applies an activation to the vectors of one row of outputs.
  func activate(_ activation: Activation, _ first: UnsafeMutablePointer<Float>, width: Int, kernels: KernelTable) {
    guard stride > 1 else { return kernels.activate(activation, 0, UnsafePointer(first), first, width * maps.pixelStride) }
    for pixel in 0..<width {
      let place = first + pixel * pixelStep
      kernels.activate(activation, 0, UnsafePointer(place), place, maps.pixelStride)
    }
  }
}
