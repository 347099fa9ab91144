import Tensors

/// ⌊(size + padding − dilation·(window − 1) − 1) / stride⌋ + 1: how many places a sliding window takes along one axis.
///
/// - Throws: ``ShapeError`` when the window does not fit even once.
func windowCount(size: Int, padding: Int, window: Int, stride: Int, dilation: Int = 1) throws(ShapeError) -> Int {
  let sensible = 1...1 << 24
  guard sensible.contains(stride), sensible.contains(window), sensible.contains(dilation), (0...1 << 24).contains(padding) else {
    throw ShapeError(
      "window, stride and dilation must be positive, padding not negative, none above \(1 << 24), found \(window), \(stride), \(dilation), \(padding)")
  }
  let room = size + padding - dilation * (window - 1) - 1
  guard room >= 0 else { throw ShapeError("a window of \(window) does not fit into \(size) with a padding of \(padding)") }
  return room / stride + 1
}
