public import Tensors

/// Changes a picture at random without changing what it shows, so that a network sees another one each time.
///
/// ```swift
/// let changes: [any Augmentation] = [RandomFlip(), RandomCrop(), ColorShift()]
/// let batch = pictures.items(batch.indices).augmented(by: changes, seed: 1, batch)
/// ```
public protocol Augmentation: Sendable {
  func change(_ picture: inout Pixels, using random: inout RandomNumbers)
}

/// A picture that is being changed: numbers from 0 to 255, map by map.
public struct Pixels: Hashable, Sendable {
  public let channels, height, width: Int
  /// [channels][height][width]
  public var values: [Float]

  /// - Precondition: as many values as the sizes say.
  public init(channels: Int, height: Int, width: Int, values: [Float]) {
    precondition(values.count == channels * height * width, "\(values.count) numbers for \(channels) maps of \(width)×\(height)")
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
  }

  /// The mean of a map.
  func mean(ofMap channel: Int) -> Float {
    let size = height * width
    return size == 0 ? 0 : values[channel * size..<(channel + 1) * size].reduce(0, +) / Float(size)
  }

  /// The picture whose pixel (x, y) is what this one has at `place(x, y)`, between its four nearest pixels; edges are repeated outwards.
  func sampled(at place: (_ x: Float, _ y: Float) -> (x: Float, y: Float)) -> Pixels {
    var result = self
    let size = height * width
    for row in 0..<height {
      for column in 0..<width {
        let place = place(Float(column), Float(row))
        let x = min(max(place.x, 0), Float(width - 1)), y = min(max(place.y, 0), Float(height - 1))
        let left = Int(x), top = Int(y), right = min(left + 1, width - 1), below = min(top + 1, height - 1)
        let u = x - Float(left), v = y - Float(top)
        for channel in 0..<channels {
          let map = channel * size
          let above = values[map + top * width + left] * (1 - u) + values[map + top * width + right] * u
          let under = values[map + below * width + left] * (1 - u) + values[map + below * width + right] * u
          result.values[map + row * width + column] = above * (1 - v) + under * v
        }
      }
    }
    return result
  }
}

extension Tensor {
  /// The pictures of a batch, each changed by all `changes` in turn.
  ///
  /// What happens to an example follows from the seed, the epoch and the example's number alone: not from its batch, nor from what was loaded before.
  ///
  /// - Precondition: [batch, channels, height, width], the examples of `batch` in its order.
  public func augmented(by changes: [any Augmentation], seed: UInt64, _ batch: Batch) -> Tensor {
    precondition(shape.rank == 4 && shape[0] == batch.indices.count, "pictures of \(shape) for \(batch.indices.count) examples")
    guard !changes.isEmpty else { return self }
    let each = shape.count / max(1, shape[0]), source = elements
    var changed: [Float] = []
    changed.reserveCapacity(source.count)
    for (place, example) in batch.indices.enumerated() {
      var random = RandomNumbers(seed: mixed(seed, UInt64(batch.epoch), UInt64(example)))
      var picture = Pixels(channels: shape[1], height: shape[2], width: shape[3], values: Array(source[place * each..<(place + 1) * each]))
      for change in changes { change.change(&picture, using: &random) }
      changed += picture.values
    }
    return Tensor(shape, changed)
  }
}

/// One seed of three numbers: near ones give seeds that are not near.
func mixed(_ seed: UInt64, _ first: UInt64, _ second: UInt64) -> UInt64 {
  var random = RandomNumbers(seed: seed)
  var inner = RandomNumbers(seed: random.next() &+ first)
  return inner.next() &+ second &* 0x9E37_79B9_7F4A_7C15
}
