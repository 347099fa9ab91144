import Tensors

/// Calls `body` with the place in memory of each element of an array, row-major: offset + Σ index[axis] · strides[axis].
///
/// - Precondition: as many strides as axes.
func forEachPlace(of shape: Shape, strides: [Int], offset: Int = 0, _ body: (Int) -> Void) {
  precondition(strides.count == shape.rank)
  guard shape.count > 0 else { return }
  guard shape.rank > 0 else { return body(offset) }
  let last = shape.rank - 1
  var index = [Int](repeating: 0, count: shape.rank)
  var row = offset
  while true {
    for column in 0..<shape[last] { body(row + column * strides[last]) }
    var axis = last - 1
    while axis >= 0 {
      index[axis] += 1
      row += strides[axis]
      if index[axis] < shape[axis] { break }
      row -= shape[axis] * strides[axis]
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}

/// The strides of an array whose first index runs fastest, as in Fortran.
func columnMajorStrides(_ shape: Shape) -> [Int] {
  var strides: [Int] = []
  var stride = 1
  for axis in shape.indices {
    strides.append(stride)
    stride *= shape[axis]
  }
  return strides
}

/// A shape of sizes that a file claims: at most ``Shape/largestRank`` of them, none negative, and numbers that could lie in memory.
func checkedShape(_ sizes: [Int]) throws(FormatProblem) -> Shape {
  guard sizes.count <= Shape.largestRank else {
    throw FormatProblem("expected at most \(Shape.largestRank) axes, found \(sizes.count)")
  }
  guard sizes.allSatisfy({ $0 >= 0 }) else { throw FormatProblem("expected sizes from 0 up, found \(sizes)") }
  let shape = Shape(sizes)
  // A zero among huge sizes makes their product small, yet strides would overflow.
  guard shape.isCountable, Shape(sizes.map { max($0, 1) }).isCountable else {
    throw FormatProblem("found the sizes \(sizes), more numbers than any memory holds: the file is damaged")
  }
  return shape
}
