import Tensors

/// Q of the decomposition Z = Q R of a matrix of normal numbers, with R's diagonal positive, times `gain`: drawn evenly from all matrices with
/// orthogonal columns (Mezzadri, "How to generate random matrices from the classical compact groups", 2007).
///
/// If the weight has fewer rows than columns, its rows are orthogonal instead.
func orthogonalTensor(_ shape: Shape, gain: Float, using random: inout RandomNumbers) -> Tensor {
  let rows = shape.matrixRows, columns = shape.matrixColumns, isWide = rows < columns
  let length = max(rows, columns), count = min(rows, columns)
  var vectors: [[Double]] = []
  while vectors.count < count {
    var vector = (0..<length).map { _ in Double(random.normal()) }
    // Gram–Schmidt, twice: once leaves errors that grow with the vectors' likeness, twice none to speak of.
    for _ in 0..<2 { for other in vectors { vector.subtract(vector.dot(other), other) } }
    let norm = vector.dot(vector).squareRoot()
    guard norm > 1e-6 else { continue }  // it lay among the others: draw again
    vectors.append(vector.map { $0 / norm })
  }
  var tensor = Tensor(shape)
  tensor.withMutableSpan { span in
    for row in 0..<rows {
      for column in 0..<columns { span[row * columns + column] = gain * Float(isWide ? vectors[row][column] : vectors[column][row]) }
    }
  }
  return tensor
}

extension [Double] {
  fileprivate func dot(_ other: [Double]) -> Double { indices.reduce(0) { $0 + self[$1] * other[$1] } }

  fileprivate mutating func subtract(_ factor: Double, _ other: [Double]) {
    for index in indices { self[index] -= factor * other[index] }
  }
}
