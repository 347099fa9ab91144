import Glibc
import Tensors

/// What may be wrong with a picture.
enum Blemish: String, CaseIterable {
  case blur, faint, noise
}

/// Digits, and what is wrong with each: known, since it was done on purpose.
struct BlemishedDigits {
  let digits: Digits
  let blemishes: [Set<Blemish>]

  /// Each blemish falls on each picture with its own probability, on its own.
  init(_ clean: Digits, probabilities: [Blemish: Float] = [.blur: 0.35, .faint: 0.25, .noise: 0.3], using random: inout RandomNumbers) {
    let side = Digits.side, size = side * side
    var x = Tensor(clean.x.shape), blemishes: [Set<Blemish>] = []
    for index in 0..<clean.count {
      var picture = clean.x.elements(from: index * size, count: size), own: Set<Blemish> = []
      for blemish in Blemish.allCases where random.uniform() < probabilities[blemish] ?? 0 {
        own.insert(blemish)
        switch blemish {
        case .blur: picture = blurred(picture, deviation: random.uniform(in: 1..<2))
        case .faint:
          let light = random.uniform(in: 0.15..<0.4)
          picture = picture.map { light * $0 }
        case .noise:
          let deviation = random.uniform(in: 0.15..<0.35)
          picture = picture.map { min(1, max(0, $0 + deviation * random.normal())) }
        }
      }
      blemishes.append(own)
      x.withMutableSpan { span in for pixel in 0..<size { span[index * size + pixel] = picture[pixel] } }
    }
    digits = Digits(x: x, labels: clean.labels, source: clean.source)
    self.blemishes = blemishes
  }
}

/// Each pixel becomes the mean of those around it with the weights of a normal distribution, along rows and then along columns; outside is paper.
private func blurred(_ picture: [Float], deviation: Float) -> [Float] {
  let side = Digits.side, reach = Int((3 * deviation).rounded(.up))
  let weights = (-reach...reach).map { expf(-Float($0 * $0) / (2 * deviation * deviation)) }
  let sum = weights.reduce(0, +)
  func pass(_ picture: [Float], along stride: Int, across other: Int) -> [Float] {
    var result = picture
    for line in 0..<side {
      for place in 0..<side {
        var value: Float = 0
        for offset in max(-reach, -place)...min(reach, side - 1 - place) {
          value += weights[offset + reach] * picture[line * other + (place + offset) * stride]
        }
        result[line * other + place * stride] = value / sum
      }
    }
    return result
  }
  return pass(pass(picture, along: 1, across: side), along: side, across: 1)
}
