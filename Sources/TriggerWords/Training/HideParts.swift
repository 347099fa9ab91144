public import Tensors

/// Hides up to two runs of bands and two of frames of each clip: x [batch, bands, frames] becomes 0 there (Park et al. 2019, SpecAugment).
public func hideParts(of x: inout Tensor, using random: inout RandomNumbers) {
  let (batch, bands, frames) = (x.shape[0], x.shape[1], x.shape[2])
  var rows: [(item: Int, bands: Range<Int>, frames: Range<Int>)] = []
  func part(_ longest: Int, of whole: Int) -> Range<Int> {
    let length = Int.random(in: 0...min(longest, whole), using: &random), first = Int.random(in: 0...whole - length, using: &random)
    return first..<first + length
  }
  for item in 0..<batch {
    for _ in 0..<2 {
      rows.append((item, part(bands / 8, of: bands), 0..<frames))
      rows.append((item, 0..<bands, part(8, of: frames)))
    }
  }
  x.withMutableSpan { values in
    for row in rows {
      for band in row.bands { for frame in row.frames { values[(row.item * bands + band) * frames + frame] = 0 } }
    }
  }
}
