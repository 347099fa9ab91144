import Tensors

/// 0.299 r + 0.587 g + 0.114 b of each pixel (ITU-R BT.601), three times: a grey picture.
func luminance(of planes: Tensor) -> Tensor {
  let plane = planes.shape[2] * planes.shape[3], source = planes.span
  var result = planes
  result.withMutableSpan { target in
    for pixel in 0..<plane {
      let grey = 0.299 * source[pixel] + 0.587 * source[plane + pixel] + 0.114 * source[2 * plane + pixel]
      for channel in 0..<3 { target[channel * plane + pixel] = grey }
    }
  }
  return result
}

/// The colours of `colors` at the brightness of `brightness`, both of one size: each channel is moved by the difference of their luminances.
///
/// Hue is kept, and colour differences as they are: Gatys et al., “Preserving color in neural artistic style transfer”, 2016, “luminance-only transfer”. What would
/// leave the range from 0 to 255 is drawn towards grey instead.
func recolored(_ brightness: Tensor, by colors: Tensor) -> Tensor {
  let plane = colors.shape[2] * colors.shape[3], wanted = luminance(of: brightness), own = luminance(of: colors)
  let target = wanted.span, current = own.span, source = colors.span
  var result = colors
  result.withMutableSpan { span in
    for pixel in 0..<plane {
      let grey = min(255, max(0, target[pixel]))
      var share: Float = 1
      for channel in 0..<3 {
        let difference = source[channel * plane + pixel] - current[pixel]
        if grey + difference > 255 { share = min(share, (255 - grey) / difference) }
        if grey + difference < 0 { share = min(share, -grey / difference) }
      }
      for channel in 0..<3 { span[channel * plane + pixel] = grey + share * (source[channel * plane + pixel] - current[pixel]) }
    }
  }
  return result
}

/// A style whose brightness has the mean and deviation of the content's.
func brightnessMatched(_ style: Tensor, to content: Tensor) -> Tensor {
  let source = ColorStatistics(style), target = ColorStatistics(content)
  let factor = source.covariance[0][0] > 1e-6 ? (target.covariance[0][0] / source.covariance[0][0]).squareRoot() : 1
  return style.mapped { red, green, blue in
    [red, green, blue].enumerated().map { ($1 - source.mean[$0]) * factor + target.mean[$0] }
  }
}

/// A style whose colours have the mean and covariance of the content's: x ← L_c L_s⁻¹ (x − m_s) + m_c with Cholesky's factors L of both covariances
/// (Hertzmann et al., “Image analogies”, 2001, appendix B).
func colorsMatched(_ style: Tensor, to content: Tensor) -> Tensor {
  let source = ColorStatistics(style), target = ColorStatistics(content), from = choleskyFactor(source.covariance), to = choleskyFactor(target.covariance)
  return style.mapped { red, green, blue in
    var x = [red - source.mean[0], green - source.mean[1], blue - source.mean[2]]
    for row in 0..<3 {  // forward substitution
      for column in 0..<row { x[row] -= from[row][column] * x[column] }
      x[row] /= from[row][row]
    }
    return (0..<3).map { row in target.mean[row] + (0...row).reduce(0) { $0 + to[row][$1] * x[$1] } }
  }
}

/// The means and covariances of a picture's channels.
struct ColorStatistics {
  private(set) var mean: [Double]
  private(set) var covariance: [[Double]]

  init(_ planes: Tensor) {
    let plane = planes.shape[2] * planes.shape[3], span = planes.span
    mean = [0, 0, 0]
    covariance = [[Double]](repeating: [0, 0, 0], count: 3)
    for channel in 0..<3 { for pixel in 0..<plane { mean[channel] += Double(span[channel * plane + pixel]) } }
    for channel in 0..<3 { mean[channel] /= Double(plane) }
    for a in 0..<3 {
      for b in 0...a {
        var sum = 0.0
        for pixel in 0..<plane { sum += (Double(span[a * plane + pixel]) - mean[a]) * (Double(span[b * plane + pixel]) - mean[b]) }
        covariance[a][b] = sum / Double(plane)
        covariance[b][a] = covariance[a][b]
      }
    }
  }
}

/// L of A = L Lᵀ; half a grey level of noise in each channel keeps that of a grey or plain picture from being singular.
private func choleskyFactor(_ matrix: [[Double]]) -> [[Double]] {
  var factor = [[Double]](repeating: [0, 0, 0], count: 3)
  for row in 0..<3 {
    for column in 0...row {
      var sum = matrix[row][column] + (row == column ? 0.25 : 0)
      for index in 0..<column { sum -= factor[row][index] * factor[column][index] }
      factor[row][column] = row == column ? max(sum, 1e-9).squareRoot() : sum / factor[column][column]
    }
  }
  return factor
}

extension Tensor {
  /// Each pixel by a function, cut off at 0 and 255.
  fileprivate func mapped(_ function: (_ red: Double, _ green: Double, _ blue: Double) -> [Double]) -> Tensor {
    let plane = shape[2] * shape[3], source = span
    var result = self
    result.withMutableSpan { target in
      for pixel in 0..<plane {
        let color = function(Double(source[pixel]), Double(source[plane + pixel]), Double(source[2 * plane + pixel]))
        for channel in 0..<3 { target[channel * plane + pixel] = Float(min(255, max(0, color[channel]))) }
      }
    }
    return result
  }
}
