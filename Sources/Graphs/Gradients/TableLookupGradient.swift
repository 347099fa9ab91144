import Kernels
import Tensors

/// dtable[k] = Σ of dy[i] over all i with ids[i] = k: the gradient of ``TableLookup``. Inputs: dy, ids.
struct TableLookupGradient: Operation {
  /// The shape of the table.
  let table: Shape

  var name: String { "embedding gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    let result = try TableLookup().shape(of: [table, inputs[1]])
    guard inputs[0] == result else { throw ShapeError("expected a gradient of \(result), found \(inputs[0])") }
    return table
  }

  func prepare(at site: Site) -> KernelCall {
    let width = table[1], processor = site.processor
    return KernelCall { inputs, output, _ in lookUpGradient(inputs[0], width: width, inputs[1], into: &output, on: processor) }
  }
}
