import Glibc
import KernelTemplates

/// Which pixels of the old maps each pixel of resized ones is made of.
public struct ResizePlan: Sendable {
  /// What a pixel between others is.
  public enum Interpolation: Sendable, Hashable {
    case nearest(Rounding)
    case bilinear
  }

  /// Which neighbour is the nearest, as ONNX's `nearest_mode` says. PyTorch's `nearest` is `floor` of asymmetric coordinates, its `nearest-exact` is
  /// `roundPreferCeil` of half-pixel ones.
  public enum Rounding: Sendable, Hashable { case floor, ceil, roundPreferFloor, roundPreferCeil }

  /// Where pixel i of `size` new pixels lies among `old` ones, as ONNX's `coordinate_transformation_mode` says.
  public enum Coordinates: Sendable, Hashable {
    /// (i + ½) · old / size − ½
    case halfPixel
    /// i · (old − 1) / (size − 1), 0 for a single pixel
    case alignCorners
    /// i · old / size
    case asymmetric
  }

  let rows, columns: [ResizeTap]

  public init(height: Int, width: Int, toHeight: Int, toWidth: Int, _ interpolation: Interpolation, _ coordinates: Coordinates) {
    rows = (0..<toHeight).map { Self.tap($0, toHeight, height, interpolation, coordinates) }
    columns = (0..<toWidth).map { Self.tap($0, toWidth, width, interpolation, coordinates) }
  }

  private static func tap(_ i: Int, _ size: Int, _ old: Int, _ interpolation: Interpolation, _ coordinates: Coordinates) -> ResizeTap {
    let place: Double =
      switch coordinates {
      case .halfPixel: (Double(i) + 0.5) * Double(old) / Double(size) - 0.5
      case .alignCorners: size == 1 ? 0 : Double(i * (old - 1)) / Double(size - 1)
      case .asymmetric: Double(i * old) / Double(size)
      }
    func clamped(_ index: Double) -> Int { max(0, min(old - 1, Int(index))) }
    switch interpolation {
    case .nearest(let rounding):
      let nearest =
        switch rounding {
        case .floor: clamped(floor(place))
        case .ceil: clamped(ceil(place))
        case .roundPreferFloor: clamped(ceil(place - 0.5))
        case .roundPreferCeil: clamped(floor(place + 0.5))
        }
      return ResizeTap(first: nearest, second: nearest, weight: 0)
    case .bilinear:
      let inside = max(0, min(Double(old - 1), place)), first = Int(inside)
      return ResizeTap(first: first, second: min(old - 1, first + 1), weight: Float(inside - Double(first)))
    }
  }
}

/// y = x in another size: see ``ResizePlan``.
public func resize(
  _ x: Span<Float>, from: FeatureMaps, by plan: ResizePlan, into y: inout MutableSpan<Float>, to: FeatureMaps, on processor: Processor
) {
  precondition(x.count == from.count && y.count == to.count && from.layout.lanes == to.layout.lanes)
  precondition(from.batch == to.batch && from.channels == to.channels && to.height == plan.rows.count && to.width == plan.columns.count)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      plan.rows.withUnsafeBufferPointer { rows in
        plan.columns.withUnsafeBufferPointer { columns in
          guard let x = x.baseAddress, let y = y.baseAddress, let rows = rows.baseAddress, let columns = columns.baseAddress else { return }
          let bands = MapBands(to)
          processor.threads.forEach(bands.count, (processor.kernels, from, to, bands, rows, columns, x, y)) { work, _, piece in
            let (kernels, from, to, bands, rows, columns, x, y) = work
            let (block, lines) = bands[piece], source = x + block * from.blockStride + from.origin, target = y + block * to.blockStride
            if lines.lowerBound == 0 { kernels.clearBorder(to, target) }
            for row in lines {
              let tap = rows[row]
              kernels.resizeRow(
                source + Int(tap.first) * from.rowStride, source + Int(tap.second) * from.rowStride, tap.weight, columns, to.width, to.layout.lanes,
                target + to.origin + row * to.rowStride)
            }
          }
        }
      }
    }
  }
}

/// dx[n, c, …] = Σ of each dy times its pixel's share of x: the gradient of ``resize(_:from:by:into:to:on:)``. Both lie plain.
public func resizeGradient(
  _ dy: Span<Float>, maps: Int, by plan: ResizePlan, into dx: inout MutableSpan<Float>, height: Int, width: Int, on processor: Processor
) {
  let rows = plan.rows.count, columns = plan.columns.count
  precondition(dy.count == maps * rows * columns && dx.count == maps * height * width)
  dy.withUnsafeBufferPointer { dy in
    dx.withUnsafeMutableBufferPointer { dx in
      guard let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
      processor.threads.forEach(maps, (plan, dy, dx, height, width)) { work, _, map in
        let (plan, dy, dx, height, width) = work
        let target = dx + map * height * width, source = dy + map * plan.rows.count * plan.columns.count
        target.update(repeating: 0, count: height * width)
        for (i, row) in plan.rows.enumerated() {
          for (j, column) in plan.columns.enumerated() {
            let gradient = source[i * plan.columns.count + j], lower = gradient * row.weight, upper = gradient - lower
            target[Int(row.first) * width + Int(column.first)] += upper * (1 - column.weight)
            target[Int(row.first) * width + Int(column.second)] += upper * column.weight
            target[Int(row.second) * width + Int(column.first)] += lower * (1 - column.weight)
            target[Int(row.second) * width + Int(column.second)] += lower * column.weight
          }
        }
      }
    }
  }
}
