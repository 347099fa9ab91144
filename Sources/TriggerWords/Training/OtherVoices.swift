import Spectra
public import Tensors

/// Warps each clip's frequencies by a factor of its own: band b becomes what was heard at f(b) / factor, between the two bands around it, as if a speaker with a shorter
/// or longer vocal tract had said it (Jaitly and Hinton 2013, vocal tract length perturbation).
///
/// - Parameter x: [batch, bands of ``FrontEnd/mel``, frames].
public func otherVoices(in x: inout Tensor, using random: inout RandomNumbers, factors: Range<Float> = 0.84..<1.19) {
  let (batch, bands, frames) = (x.shape[0], x.shape[1], x.shape[2])
  let scale = MelScale.htk, centers = FrontEnd.filters.centers.map { scale.mel(hertz: $0) }, step = centers[1] - centers[0]
  precondition(bands == centers.count, "\(bands) bands, expected \(centers.count)")
  var column = [Float](repeating: 0, count: bands)
  let draws = (0..<batch).map { _ in random.uniform(in: factors) }
  x.withMutableSpan { values in
    for (item, factor) in draws.enumerated() {
      let places = centers.map { center in
        min(max((scale.mel(hertz: scale.hertz(mel: center) / Double(factor)) - centers[0]) / step, 0), Double(bands - 1))
      }
      let first = item * bands * frames
      for frame in 0..<frames {
        for band in 0..<bands { column[band] = values[first + band * frames + frame] }
        for band in 0..<bands {
          let low = min(Int(places[band]), bands - 2), part = Float(places[band] - Double(low))
          values[first + band * frames + frame] = column[low] + part * (column[low + 1] - column[low])
        }
      }
    }
  }
}
