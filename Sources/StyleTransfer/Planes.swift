import Media
import Tensors

/// Pictures as numbers: [1, 3, height, width], red, green and blue from 0 to 255, with alpha drawn on white.
func planes(of image: Image) -> Tensor {
  let opaque = image.compositedOnWhite(), count = image.width * image.height, pixels = opaque.pixels.span
  var result = Tensor([1, 3, image.height, image.width])
  result.withMutableSpan { target in
    for pixel in 0..<count {
      for channel in 0..<3 { target[channel * count + pixel] = Float(pixels[3 * pixel + channel]) }
    }
  }
  return result
}

/// The picture of the first rows and columns of planes: values are rounded, and cut off below 0 and above 255.
///
/// - Parameter alpha: a picture of the same size whose alpha the result has.
func image(of planes: Tensor, width: Int, height: Int, alpha: Image? = nil) -> Image {
  let source = planes.span, stride = planes.shape[3], plane = planes.shape[2] * stride, channels = alpha?.layout == .rgba ? 4 : 3
  var pixels = [UInt8](repeating: 255, count: width * height * channels)
  for row in 0..<height {
    for column in 0..<width {
      let pixel = (row * width + column) * channels
      for channel in 0..<3 { pixels[pixel + channel] = byte(source[channel * plane + row * stride + column]) }
      if channels == 4, let alpha { pixels[pixel + 3] = alpha.pixels[pixel + 3] }
    }
  }
  return Image(width: width, height: height, layout: channels == 4 ? .rgba : .rgb, pixels: pixels)
}

private func byte(_ value: Float) -> UInt8 { value.isNaN ? 0 : UInt8(min(255, max(0, value.rounded()))) }

extension Tensor {
  /// All channels with something added to each.
  func shifted(by amounts: [Float]) -> Tensor {
    let plane = shape[2] * shape[3]
    var result = self
    result.withMutableSpan { span in
      for channel in amounts.indices { for pixel in channel * plane..<(channel + 1) * plane { span[pixel] += amounts[channel] } }
    }
    return result
  }

  /// Maps with their first and last rows and columns repeated: `border` times on each side, then at the end until both sides are multiples of `step`.
  func padded(toMultiplesOf step: Int, border: Int = 0) -> Tensor {
    func up(_ size: Int) -> Int { (size + 2 * border + step - 1) / step * step }
    let channels = shape[1], rows = shape[2], columns = shape[3], height = up(rows), width = up(columns), source = span
    guard height != rows || width != columns else { return self }
    var result = Tensor([1, channels, height, width])
    result.withMutableSpan { target in
      for channel in 0..<channels {
        for row in 0..<height {
          let from = (channel * rows + min(max(row - border, 0), rows - 1)) * columns, to = (channel * height + row) * width
          for column in 0..<width { target[to + column] = source[from + min(max(column - border, 0), columns - 1)] }
        }
      }
    }
    return result
  }

  /// A part of maps.
  func cropped(top: Int, left: Int, height: Int, width: Int) -> Tensor {
    let channels = shape[1], rows = shape[2], columns = shape[3], source = span
    guard top != 0 || left != 0 || height != rows || width != columns else { return self }
    var result = Tensor([1, channels, height, width])
    result.withMutableSpan { target in
      for channel in 0..<channels {
        for row in 0..<height {
          let from = (channel * rows + top + row) * columns + left, to = (channel * height + row) * width
          for column in 0..<width { target[to + column] = source[from + column] }
        }
      }
    }
    return result
  }

  /// Maps of another size, by bilinear interpolation between the centres of pixels.
  func resized(height: Int, width: Int) -> Tensor {
    let channels = shape[1], rows = shape[2], columns = shape[3], source = span
    guard height != rows || width != columns else { return self }
    func taps(_ size: Int, _ old: Int) -> [(first: Int, second: Int, share: Float)] {
      (0..<size).map { place in
        let position = min(max((Float(place) + 0.5) * Float(old) / Float(size) - 0.5, 0), Float(old - 1)), first = Int(position)
        return (first, min(first + 1, old - 1), position - Float(first))
      }
    }
    let across = taps(width, columns), down = taps(height, rows)
    var result = Tensor([1, channels, height, width])
    result.withMutableSpan { target in
      for channel in 0..<channels {
        for row in 0..<height {
          let y = down[row], upper = (channel * rows + y.first) * columns, lower = (channel * rows + y.second) * columns
          let to = (channel * height + row) * width
          for column in 0..<width {
            let x = across[column]
            let a = source[upper + x.first] * (1 - x.share) + source[upper + x.second] * x.share
            let b = source[lower + x.first] * (1 - x.share) + source[lower + x.second] * x.share
            target[to + column] = a * (1 - y.share) + b * y.share
          }
        }
      }
    }
    return result
  }

  /// The means of squares of `factor` pixels a side.
  func averaged(by factor: Int) -> Tensor {
    guard factor > 1 else { return self }
    let channels = shape[1], height = shape[2] / factor, width = shape[3] / factor, columns = shape[3], source = span
    var result = Tensor([1, channels, height, width])
    result.withMutableSpan { target in
      for channel in 0..<channels {
        for row in 0..<height {
          for column in 0..<width {
            var sum: Float = 0
            for y in 0..<factor {
              let from = ((channel * height + row) * factor + y) * columns + column * factor
              for x in 0..<factor { sum += source[from + x] }
            }
            target[(channel * height + row) * width + column] = sum / Float(factor * factor)
          }
        }
      }
    }
    return result
  }

  /// Cut off below 0 and above 255.
  var clipped: Tensor {
    var result = self
    result.withMutableSpan { span in for index in span.indices { span[index] = min(255, max(0, span[index])) } }
    return result
  }

  /// Σ x², in double precision.
  var squareSum: Double {
    let span = span
    var sum = 0.0
    for index in span.indices { sum += Double(span[index]) * Double(span[index]) }
    return sum
  }

  /// The standard deviation of all elements.
  var deviation: Double {
    let span = span
    var sum = 0.0, squares = 0.0
    for index in span.indices {
      sum += Double(span[index])
      squares += Double(span[index]) * Double(span[index])
    }
    let mean = sum / Double(count)
    return max(0, squares / Double(count) - mean * mean).squareRoot()
  }
}

extension Image {
  /// The picture at another size, its pixels averaged if there are fewer.
  func fitted(width: Int, height: Int) -> Image {
    resized(width: width, height: height, by: width < self.width || height < self.height ? .areaAverage : .bilinear)
  }

  /// The picture with the longer side of so many pixels, the other in proportion and at least one.
  func scaled(toSide side: Int) -> Image {
    let size = Self.size(width: width, height: height, side: side)
    return fitted(width: size.width, height: size.height)
  }

  static func size(width: Int, height: Int, side: Int) -> (width: Int, height: Int) {
    let longest = max(width, height)
    func scaled(_ length: Int) -> Int { max(1, Int((Double(length) * Double(side) / Double(longest)).rounded())) }
    return (scaled(width), scaled(height))
  }
}
