import Graphs
import Kernels
import Tensors

/// Recurrent layers on each other, forwards and backwards: the gradients of all weights and of what the first layer
/// reads, from a gradient of the last sequence.
package struct RecurrentTraining: Sendable {
  private let cell: RecurrentCell
  private let layers, inputs, units, batch, steps: Int

  package init(_ cell: RecurrentCell, layers: Int, inputs: Int, units: Int, batch: Int, steps: Int) {
    self.cell = cell
    self.layers = layers
    self.inputs = inputs
    self.units = units
    self.batch = batch
    self.steps = steps
  }

  package func row(_ name: String) -> Benchmark {
    Benchmark(name, tolerance: 1e-3) {
      do { return try graph() } catch { preconditionFailure("\(name): \(error)") }
    }
  }

  /// The graph and its inputs: weights are among them, since a step of training changes them.
  private func graph() throws(ShapeError) -> (Graph, [Tensor]) {
    var graph = Graph(), values: [Tensor] = [], random = RandomNumbers(seed: 1)
    func input(_ name: String, _ shape: Shape, within limit: Float) -> Graph.Index {
      values.append(Tensor(shape, uniformIn: -limit..<limit, using: &random))
      return graph.input(name, shape)
    }
    func shapes(_ indices: [Graph.Index]) -> [Shape] { indices.map { graph[$0].shape } }
    let operation = Recurrent(cell, result: .training), limit = 1 / Float(units).squareRoot(), rows = cell.gates * units
    var x = input("x", [batch, steps, inputs], within: 1)
    var operands: [[Graph.Index]] = [], results: [Graph.Index] = []
    for layer in 0..<layers {
      let weights = [Shape([rows, graph[x].shape[2]]), [rows, units], [rows], [rows]].enumerated().map { index, shape in
        input("layer \(layer).\(index)", shape, within: limit)
      }
      operands.append([x] + weights)
      results.append(try graph.append(operation, operands[layer], name: "layer \(layer)"))
      if layer + 1 < layers { x = try graph.append(operation.parts(of: shapes(operands[layer])).output, [results[layer]], name: "sequence \(layer)") }
    }
    var dy = input("dy", [batch, steps, units], within: 1)
    for layer in (0..<layers).reversed() {
      let gradient = RecurrentGradient(of: operation), all = operands[layer] + [results[layer], dy]
      let result = try graph.append(gradient, all, name: "layer \(layer)")
      graph.outputs.append(result)
      if layer > 0 { dy = try graph.append(gradient.parts(of: shapes(all)).x, [result], name: "gradient \(layer)") }
    }
    return (graph, values)
  }
}
