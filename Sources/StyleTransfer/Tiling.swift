import Tensors

/// A canvas cut into overlapping windows of one size, so that a network can see it part by part.
///
/// Each window is responsible for its interior; the interiors cover the canvas without overlap. Between an interior and the edge of its window lies as much as
/// the network sees, so that features inside are those of the whole canvas: all but the edges of the canvas itself, which windows share with it.
struct Tiling {
  /// All sizes and places are multiples of this, where the halved maps of the fifth block still agree.
  static let step = 16

  struct Window {
    let top, left: Int
    /// In rows and columns of the canvas.
    let rows, columns: Range<Int>
  }

  let height, width: Int
  /// Of each window.
  let windowHeight, windowWidth: Int
  let windows: [Window]

  var isWhole: Bool { windows.count == 1 }

  /// - Parameters:
  ///   - reach: how far the network sees beyond a place.
  ///   - side: the largest side of a window; at least three steps more than twice the reach.
  init(height: Int, width: Int, reach: Int, side: Int) {
    let halo = (reach + Self.step - 1) / Self.step * Self.step, side = max(side / Self.step * Self.step, 2 * halo + Self.step)
    func cut(_ size: Int) -> (window: Int, starts: [Int]) {
      guard size > side else { return (size, [0]) }
      let advance = side - 2 * halo, count = (size - 2 * halo + advance - 1) / advance
      return (side, (0..<count).map { min($0 * advance, size - side) })
    }
    func interiors(_ starts: [Int], _ size: Int) -> [Range<Int>] {
      starts.indices.map { (starts[$0] == 0 ? 0 : starts[$0] + halo)..<($0 + 1 == starts.count ? size : starts[$0 + 1] + halo) }
    }
    let down = cut(height), across = cut(width), rows = interiors(down.starts, height), columns = interiors(across.starts, width)
    self.height = height
    self.width = width
    (windowHeight, windowWidth) = (down.window, across.window)
    windows = down.starts.indices.flatMap { row in
      across.starts.indices.map { Window(top: down.starts[row], left: across.starts[$0], rows: rows[row], columns: columns[$0]) }
    }
  }

  /// `maps` of the whole canvas, each side of which was divided by `factor`, inside of a window, and zeros around its interior.
  func interior(of maps: Tensor, factor: Int, in window: Window) -> Tensor {
    var part = maps.cropped(top: window.top / factor, left: window.left / factor, height: windowHeight / factor, width: windowWidth / factor)
    let channels = part.shape[1], rows = part.shape[2], columns = part.shape[3]
    part.withMutableSpan { span in
      for channel in 0..<channels {
        for row in 0..<rows {
          for column in 0..<columns {
            let isInside = window.rows.contains(window.top + row * factor) && window.columns.contains(window.left + column * factor)
            if !isInside { span[(channel * rows + row) * columns + column] = 0 }
          }
        }
      }
    }
    return part
  }
}
