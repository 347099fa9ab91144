import Media

/// Bilinear resizing of a picture into three planes of 0…1, by the rule that `PicturePlacement.input` states.
///
/// Where each target column and row comes from is worked out once; each source row is blended along x once, and two such rows then along y.
struct BilinearResize {
  /// Where in a span the planes lie: the element of the first pixel, and the distances between rows and between planes.
  struct Target {
    var start: Int, rowStride: Int, planeStride: Int
  }

  /// The two neighbours along one axis and the share of the second.
  private struct Tap {
    var first: Int32, second: Int32
    var share: Float
  }

  private let image: Image
  private let columns: [Tap]
  private let rows: [Tap]

  init(_ image: Image, width: Int, height: Int) {
    self.image = image
    columns = BilinearResize.taps(from: image.width, to: width, step: image.channels)
    rows = BilinearResize.taps(from: image.height, to: height, step: 1)
  }

  /// `step` is what one source position counts in the indices.
  private static func taps(from source: Int, to target: Int, step: Int) -> [Tap] {
    let ratio = Double(source) / Double(target)
    return (0..<target).map { index in
      let position = min(max((Double(index) + 0.5) * ratio - 0.5, 0), Double(source - 1))
      let first = Int(position)
      return Tap(first: Int32(first * step), second: Int32(min(first + 1, source - 1) * step), share: Float(position - Double(first)))
    }
  }

  /// - Precondition: the target rectangle lies inside `span`.
  func write(to span: inout MutableSpan<Float>, at target: Target) {
    let width = columns.count
    precondition(
      target.start >= 0 && target.start + 2 * target.planeStride + (rows.count - 1) * target.rowStride + width <= span.count,
      "a picture of \(width)×\(rows.count) does not fit into \(span.count) numbers")
    var upper = [Float](repeating: 0, count: 3 * width), lower = upper
    var upperRow = Int32(-1), lowerRow = Int32(-1)
    for (row, tap) in rows.enumerated() {
      if tap.first != upperRow {
        if tap.first == lowerRow {
          swap(&upper, &lower)
          swap(&upperRow, &lowerRow)
        } else {
          blendColumns(ofRow: Int(tap.first), into: &upper)
          upperRow = tap.first
        }
      }
      if tap.second != lowerRow {
        blendColumns(ofRow: Int(tap.second), into: &lower)
        lowerRow = tap.second
      }
      blendRows(upper, lower, share: tap.share, into: &span, at: target.start + row * target.rowStride, planeStride: target.planeStride)
    }
  }

  // Unsafe from here to the end: the innermost loops, whose indices `taps` and the precondition of `write` keep in range.

  /// `planes` holds red, green and blue of one row, `columns.count` each, scaled to 0…1.
  private func blendColumns(ofRow row: Int, into planes: inout [Float]) {
    let width = columns.count, hasAlpha = image.layout == .rgba
    unsafe image.pixels.withUnsafeBufferPointer { pixels in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe planes.withUnsafeMutableBufferPointer { planes in
          let source = unsafe pixels.baseAddress! + row * image.width * image.channels
          let red = planes.baseAddress!
          let green = unsafe red + width
          let blue = unsafe green + width
          for column in 0..<width {
            let tap = unsafe columns[column]
            let first = unsafe source + Int(tap.first), second = unsafe source + Int(tap.second)
            // On white, c·α + 1·(1 − α): each neighbour counts by its share and alpha, and white by the rest.
            var firstShare = (1 - tap.share) * (1 / 255), secondShare = tap.share * (1 / 255), white = Float(0)
            if hasAlpha {
              firstShare *= unsafe Float(first[3]) * (1 / 255)
              secondShare *= unsafe Float(second[3]) * (1 / 255)
              white = 1 - 255 * (firstShare + secondShare)
            }
            unsafe red[column] = white + firstShare * Float(first[0]) + secondShare * Float(second[0])
            unsafe green[column] = white + firstShare * Float(first[1]) + secondShare * Float(second[1])
            unsafe blue[column] = white + firstShare * Float(first[2]) + secondShare * Float(second[2])
          }
        }
      }
    }
  }

  private func blendRows(
    _ upper: [Float], _ lower: [Float], share: Float, into span: inout MutableSpan<Float>, at start: Int, planeStride: Int
  ) {
    let width = columns.count
    unsafe span.withUnsafeMutableBufferPointer { target in
      unsafe upper.withUnsafeBufferPointer { upper in
        unsafe lower.withUnsafeBufferPointer { lower in
          for channel in 0..<3 {
            let target = unsafe target.baseAddress! + start + channel * planeStride
            let upper = unsafe upper.baseAddress! + channel * width, lower = unsafe lower.baseAddress! + channel * width
            for column in 0..<width { unsafe target[column] = upper[column] + share * (lower[column] - upper[column]) }
          }
        }
      }
    }
  }
}
