/// How the pixels of a resized picture come from those of the original.
public enum Resampling: Sendable {
  /// Between the four nearest pixels: the centre of pixel x is at (x + 0.5) · old / new − 0.5, edges repeat. For growing, and for what networks expect.
  case bilinear
  /// The mean over the area that a new pixel covers. For shrinking by much: no detail is skipped.
  case areaAverage
}

extension Image {
  /// The picture at another size. All channels are treated alike, so alpha is best composited first.
  ///
  /// - Precondition: the new sides, and those of the picture, are positive.
  public func resized(width newWidth: Int, height newHeight: Int, by resampling: Resampling = .bilinear) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "a picture cannot be resized to \(newWidth)×\(newHeight) pixels")
    precondition(width > 0 && height > 0, "a picture without pixels cannot be resized")
    if newWidth == width && newHeight == height { return self }
    let columns = Taps(from: width, to: newWidth, by: resampling)
    let rows = Taps(from: height, to: newHeight, by: resampling)
    return Image(width: newWidth, height: newHeight, layout: layout, pixels: resample(columns: columns, rows: rows))
  }

  /// Rows first: each row of the original that is needed is resampled along x once, kept while it is in use, and summed into the rows of the result.
  private func resample(columns: Taps, rows: Taps) -> [UInt8] {
    let rowLength = columns.count * channels
    let kept = rows.largestCount
    var strips = [Float](repeating: 0, count: kept * rowLength)  // row y of the original is in strip y % kept
    var sums = [Float](repeating: 0, count: rowLength)
    var next = 0
    let total = rowLength * rows.count
    return unsafe [UInt8](unsafeUninitializedCapacity: total) { target, initialized in
      unsafe strips.withUnsafeMutableBufferPointer { strips in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe pixels.withUnsafeBufferPointer { source in
            for row in 0..<rows.count {
              let first = rows.starts[row], end = first + rows.counts[row]
              for y in max(next, first)..<max(next, end) {
                let from = unsafe source.baseAddress! + y * width * channels
                let to = unsafe strips.baseAddress! + y % kept * rowLength
                if channels == 3 { unsafe columns.apply(from: from, to: to, channels: 3) } else { unsafe columns.apply(from: from, to: to, channels: 4) }
              }
              next = max(next, end)
              for y in first..<end {
                let weight = rows.weights[row * rows.largestCount + y - first]
                let strip = unsafe strips.baseAddress! + y % kept * rowLength
                if y == first {
                  for index in 0..<rowLength { unsafe sums[index] = weight * strip[index] }
                } else {
                  for index in 0..<rowLength { unsafe sums[index] += weight * strip[index] }
                }
              }
              let to = unsafe target.baseAddress! + row * rowLength
              for index in 0..<rowLength { unsafe to[index] = UInt8(truncatingIfNeeded: Int32(min(max(sums[index] + 0.5, 0), 255))) }
            }
          }
        }
      }
      initialized = total
    }
  }
}

/// Which pixels along one axis a new pixel is made of, and how much of each: weights sum to 1.
private struct Taps {
  let count: Int
  /// The most pixels that any new pixel needs.
  let largestCount: Int
  private(set) var starts: [Int] = []
  private(set) var counts: [Int] = []
  /// `count * largestCount`, padded with zeros.
  private(set) var weights: [Float] = []

  init(from old: Int, to new: Int, by resampling: Resampling) {
    count = new
    let scale = Double(old) / Double(new)
    var lists: [[Double]] = []
    for index in 0..<new {
      switch resampling {
      case .bilinear:
        let position = min(max((Double(index) + 0.5) * scale - 0.5, 0), Double(old - 1))
        let first = min(Int(position), max(old - 2, 0))
        let fraction = position - Double(first)
        starts.append(first)
        lists.append(old == 1 ? [1] : [1 - fraction, fraction])
      case .areaAverage:
        let start = Double(index) * scale, end = min(start + scale, Double(old))
        let first = min(Int(start), old - 1), last = max(min(Int(end.rounded(.up)), old), first + 1)
        let covered = (first..<last).map { max(min(Double($0 + 1), end) - max(Double($0), start), 0) }
        let sum = covered.reduce(0, +)
        starts.append(first)
        lists.append(sum > 0 ? covered.map { $0 / sum } : [1] + [Double](repeating: 0, count: covered.count - 1))
      }
    }
    counts = lists.map(\.count)
    let most = counts.max() ?? 1
    largestCount = most
    weights = lists.flatMap { list in list.map(Float.init) + [Float](repeating: 0, count: most - list.count) }
  }

  /// Resamples one row along x.
  @inline(__always)
  func apply(from source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<Float>, channels: Int) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe counts.withUnsafeBufferPointer { counts in
        unsafe weights.withUnsafeBufferPointer { weights in
          for index in 0..<count {
            let from = unsafe source + starts[index] &* channels
            let shares = unsafe weights.baseAddress! + index &* largestCount
            let number = unsafe counts[index]
            for channel in 0..<channels {
              var sum: Float = 0
              for tap in 0..<number { unsafe sum += shares[tap] * Float(from[tap &* channels &+ channel]) }
              unsafe target[index &* channels &+ channel] = sum
            }
          }
        }
      }
    }
  }
}
