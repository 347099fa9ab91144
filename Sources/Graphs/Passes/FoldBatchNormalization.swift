import Tensors

extension Graph {
  /// w'[o, …] = s[o] · w[o, …], b'[o] = s[o] · (b[o] − μ[o]) + β[o] with s = γ / √(σ² + ε): a batch normalisation after a convolution or a linear layer goes
  /// into its weights, if these are constants and nothing else sees the layer's result.
  public func foldingBatchNormalization() -> Graph {
    let users = users()
    return rebuilt { new, index, positions in
      guard let normalization = self[index].operation as? BatchNormalization, let layer = self[index].inputs.first,
        let operation = self[layer].operation as? any ActivationFusing, !(operation is Add), operation.activation == .linear,
        users[layer].count == 1, !isOutput(layer), let weight = constantValue(self[layer].inputs[1]),
        let affine = normalization.affine(self[index].inputs.dropFirst().map { constantValue($0) })
      else { return nil }
      let oldBias = self[layer].inputs.count > 2 ? constantValue(self[layer].inputs[2]) : Tensor([weight.shape[0]])
      guard let oldBias else { return nil }

      var newWeight = weight, newBias = oldBias
      let depth = weight.count / max(1, weight.shape[0])
      newWeight.withMutableSpan { span in
        for output in affine.scale.indices {
          for k in output * depth..<(output + 1) * depth { span[k] *= affine.scale[output] }
        }
      }
      newBias.withMutableSpan { span in
        for output in affine.scale.indices { span[output] = affine.scale[output] * span[output] + affine.shift[output] }
      }
      var node = self[layer]
      node.name = self[layer].name
      let inputs = [
        positions[self[layer].inputs[0]],
        new.constant(self[self[layer].inputs[1]].name, newWeight),
        new.constant("\(node.name).bias", newBias),
      ]
      return new.copy(node, inputs: inputs)
    }
  }
}
