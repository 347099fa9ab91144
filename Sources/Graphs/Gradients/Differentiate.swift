import Kernels
import Tensors

extension Graph {
  /// ∂loss / ∂v for each v of `values`, as nodes that are appended to this graph: backpropagation (Rumelhart et al. 1986), from the loss to its inputs by
  /// each operation's own rule.
  ///
  /// ```swift
  /// let loss = try graph.append(Reduce(.mean, axes: [0]), [losses])
  /// graph.outputs = [loss] + (try graph.gradients(of: loss, by: weights))
  /// ```
  /// - Parameters:
  ///   - loss: a value of one number.
  ///   - values: inputs, constants or any other nodes; the gradient by one that the loss does not depend on is zeros.
  /// - Throws: ``ShapeError`` when an operation on the way has no gradient.
  public mutating func gradients(of loss: Index, by values: [Index]) throws(ShapeError) -> [Index] {
    precondition(self[loss].shape.count == 1, "only a single number has gradients, found \(self[loss].shape)")
    var depends = [Bool](repeating: false, count: nodes.count)
    for value in values { depends[value] = true }
    for index in nodes.indices where !depends[index] { depends[index] = self[index].inputs.contains { depends[$0] } }

    var sums = [Index?](repeating: nil, count: nodes.count)
    sums[loss] = constant("one", Tensor(self[loss].shape, repeating: 1))
    for index in (0...loss).reversed() {
      guard let gradient = sums[index], depends[index], !self[index].inputs.isEmpty else { continue }
      let node = self[index]
      let site = GradientSite(inputs: node.inputs, result: index, gradient: gradient, isWanted: node.inputs.map { depends[$0] })
      let parts: [Index?]
      do throws(ShapeError) { parts = try node.operation.gradients(at: site, in: &self) } catch {
        throw error.operation.isEmpty ? error.located(in: node.operation.name, node: node.name, inputs: node.inputs.map { self[$0].shape }) : error
      }
      precondition(parts.count == node.inputs.count, "\(node.operation.name) has \(node.inputs.count) inputs, found \(parts.count) gradients")
      for (input, part) in zip(node.inputs, parts) {
        guard depends[input], let part else { continue }
        let found = self[part].shape, expected = self[input].shape
        precondition(found == expected, "\(node.operation.name): a gradient of \(found) for an input of \(expected)")
        sums[input] = if let sum = sums[input] { try append(Add(), [sum, part]) } else { part }
      }
    }
    var result: [Index] = []
    for value in values { result.append(sums[value] ?? constant("zeros", Tensor(self[value].shape))) }
    return result
  }
}

/// What an operation's gradients are made of: see ``Operation/gradients(at:in:)``.
public struct GradientSite: Sendable {
  /// The operation's inputs and its result.
  public let inputs: [Graph.Index]
  public let result: Graph.Index
  /// The gradient of the loss by the result.
  public let gradient: Graph.Index
  /// By which inputs gradients are wanted.
  public let isWanted: [Bool]
}

extension GradientSite {
  /// f′(a) · the gradient: what is left of it before the activation f that an operation ends with, a being its argument.
  ///
  /// - Parameter operation: the operation without the activation; it is computed once more if f′ cannot be told from f.
  func gradient(before activation: Activation, of operation: some Operation, in graph: inout Graph) throws(ShapeError) -> Graph.Index {
    guard activation != .linear else { return gradient }
    let value = activation.gradientUsesResult ? result : try graph.append(operation, inputs)
    return try graph.append(ActivationGradient(activation), [value, gradient])
  }
}

extension Graph {
  /// a · factor.
  mutating func scaled(_ value: Index, by factor: Float) throws(ShapeError) -> Index {
    factor == 1 ? value : try append(Affine(scale: factor, shift: 0), [value])
  }

  /// The value under another shape.
  mutating func reshaped(_ value: Index, _ shape: Shape) throws(ShapeError) -> Index {
    self[value].shape == shape ? value : try append(Reshape(shape), [value])
  }
}
