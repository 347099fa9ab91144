import Learning
import Tensors

/// Grey pictures of single digits, and which digit each is.
struct Digits {
  static let side = 32

  /// [count, 1, 32, 32]: 0 is paper, 1 is ink.
  let x: Tensor
  let labels: [Int]
  /// Where they are from.
  let source: String

  var count: Int { labels.count }
  /// [count, 10], a 1 where the digit is.
  var targets: Tensor { oneHot(labels, classes: 10) }

  init(x: Tensor, labels: [Int], source: String) {
    self.x = x
    self.labels = labels
    self.source = source
  }

  subscript(indices: [Int]) -> Digits { Digits(x: x.items(indices), labels: indices.map { labels[$0] }, source: source) }

  /// The first so many, or all.
  func first(_ most: Int) -> Digits { count <= most ? self : self[Array(0..<most)] }

  static func + (a: Digits, b: Digits) -> Digits {
    Digits(x: Tensor([a.count + b.count, 1, side, side], a.x.elements + b.x.elements), labels: a.labels + b.labels, source: a.source)
  }

  /// Pictures of bytes of at most 32 pixels a side, with paper around them.
  ///
  /// - Parameter pixels: row by row, 0 is paper; as many for each label.
  init(framing pixels: [UInt8], height: Int, width: Int, labels: [Int], source: String) {
    let side = Digits.side, top = (side - height) / 2, left = (side - width) / 2
    var x = Tensor([labels.count, 1, side, side])
    x.withMutableSpan { span in
      for index in labels.indices {
        for row in 0..<height {
          for column in 0..<width {
            span[(index * side + top + row) * side + left + column] = Float(pixels[(index * height + row) * width + column]) / 255
          }
        }
      }
    }
    self.init(x: x, labels: labels, source: source)
  }
}

extension LabBench {
  /// Digits to learn from, and others: those of the folder's files, or drawn ones. With less effort there are fewer of both.
  func digits(train: Int, test: Int) throws -> (train: Digits, test: Digits) {
    let train = max(min(train, 200), iterations(train)), test = max(min(test, 100), iterations(test))
    if let folder { return try Digits.load(from: folder, train: train, test: test) }
    var random = RandomNumbers(seed: seed &+ 200)
    let pen = try DigitPen()
    return (pen.digits(train, using: &random), pen.digits(test, using: &random))
  }
}
