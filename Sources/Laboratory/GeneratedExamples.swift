import Glibc
import Tensors

extension Examples {
  /// Petals of two classes around the origin: r = 4 · sin(4 θ) + noise, half of the circle of angles a class.
  static func flower(_ count: Int, using random: inout RandomNumbers) -> Examples {
    make(count, using: &random) { index, random in
      let isSecond = index % 2 == 1, angle = (isSecond ? Float.pi : 0) + Float.pi * random.uniform() + 0.2 * random.normal()
      let radius = 4 * sinf(4 * angle) + 0.2 * random.normal()
      return ((radius * sinf(angle), radius * cosf(angle)), isSecond)
    }
  }

  /// A circle of one class around one of the other.
  static func circles(_ count: Int, noise: Float = 0.05, using random: inout RandomNumbers) -> Examples {
    make(count, using: &random) { index, random in
      let isInner = index % 2 == 1, angle = 2 * Float.pi * random.uniform(), radius: Float = isInner ? 0.8 : 1
      return ((radius * cosf(angle) + noise * random.normal(), radius * sinf(angle) + noise * random.normal()), isInner)
    }
  }

  /// Two half circles that reach into each other.
  static func moons(_ count: Int, noise: Float = 0.2, using random: inout RandomNumbers) -> Examples {
    make(count, using: &random) { index, random in
      let isLower = index % 2 == 1, angle = Float.pi * random.uniform()
      let x = isLower ? 1 - cosf(angle) : cosf(angle), y = isLower ? 0.5 - sinf(angle) : sinf(angle)
      return ((x + noise * random.normal(), y + noise * random.normal()), isLower)
    }
  }

  /// A field that a bent line divides; near it, one in six is on the wrong side.
  static func field(_ count: Int, using random: inout RandomNumbers) -> Examples {
    make(count, using: &random) { _, random in
      let x = random.uniform(in: -0.8..<0.5), y = random.uniform(in: -0.7..<0.7), border = 0.25 * sinf(4 * x) + x
      let isAbove = y > border, isWrong = abs(y - border) < 0.25 && random.uniform() < 1 / 6
      return ((x, y), isAbove != isWrong)
    }
  }

  /// Grey pictures of 32×32 with a disc (1) or a bar (0) somewhere, in noise.
  static func pictures(_ count: Int, using random: inout RandomNumbers) -> Examples {
    let side = 32
    var pixels: [Float] = [], classes: [Float] = []
    for index in 0..<count {
      let isDisc = index % 2 == 1, radius = random.uniform(in: 5..<9), x = random.uniform(in: 10..<22), y = random.uniform(in: 10..<22)
      let angle = Float.pi * random.uniform(), light = random.uniform(in: 0.4..<0.8)
      for row in 0..<side {
        for column in 0..<side {
          let u = Float(column) - x, v = Float(row) - y, along = u * cosf(angle) + v * sinf(angle), across = v * cosf(angle) - u * sinf(angle)
          let isInside = isDisc ? u * u + v * v < radius * radius : abs(along) < 1.6 * radius && abs(across) < radius / 2
          pixels.append(min(1, max(0, (isInside ? light : 0.2) + 0.1 * random.normal())))
        }
      }
      classes.append(isDisc ? 1 : 0)
    }
    return Examples(x: Tensor([count, side * side], pixels), y: Tensor([count, 1], classes), source: "generated")
  }

  private static func make(
    _ count: Int, using random: inout RandomNumbers, _ example: (Int, inout RandomNumbers) -> (place: (Float, Float), isSecond: Bool)
  ) -> Examples {
    var x: [Float] = [], y: [Float] = []
    for index in 0..<count {
      let (place, isSecond) = example(index, &random)
      x += [place.0, place.1]
      y.append(isSecond ? 1 : 0)
    }
    return Examples(x: Tensor([count, 2], x), y: Tensor([count, 1], y), source: "generated")
  }
}
