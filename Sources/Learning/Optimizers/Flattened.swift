import Kernels
import Tensors

/// All elements of several tensors as one vector.
func flattened(_ tensors: [Tensor]) -> Tensor {
  if tensors.count == 1 { return tensors[0].reshaped([tensors[0].count]) }
  var result = Tensor([tensors.reduce(0) { $0 + $1.count }]), start = 0
  result.withMutableSpan { result in
    for tensor in tensors {
      let source = tensor.span
      for index in source.indices { result[start + index] = source[index] }
      start += tensor.count
    }
  }
  return result
}

/// The tensors of the given shapes that ``flattened(_:)`` made one vector of.
func unflattened(_ vector: Tensor, _ shapes: [Shape]) -> [Tensor] {
  if shapes.count == 1 { return [vector.reshaped(shapes[0])] }
  let source = vector.span
  var start = 0, result: [Tensor] = []
  for shape in shapes {
    var tensor = Tensor(shape)
    tensor.withMutableSpan { part in for index in part.indices { part[index] = source[start + index] } }
    start += shape.count
    result.append(tensor)
  }
  return result
}

/// Σ|x| and max|x|; NaN or infinity if there is one.
func magnitudes(_ x: Tensor) -> (sum: Double, largest: Double) {
  let x = x.span
  var sum = 0.0, largest: Float = 0
  for index in x.indices {
    sum += Double(abs(x[index]))
    largest = max(largest, abs(x[index]))
  }
  return (sum, Double(largest))
}

func difference(_ a: Tensor, _ b: Tensor, on processor: Processor) -> Tensor {
  var result = a
  result.withMutableSpan { addScaled(-1, b.span, to: &$0, on: processor) }
  return result
}

func dotProduct(_ a: Tensor, _ b: Tensor, on processor: Processor) -> Double { Kernels.dotProduct(a.span, b.span, on: processor) }
