import Tensors

extension Graph {
  /// A copy of this graph in which `replace` may put another node in the place of each, without the nodes that are then of no use: the next pass must not
  /// take them for readers of a value.
  ///
  /// - Parameter replace: given the new graph so far, the old node's position, and the new positions of the old nodes before it; returns the position of the
  ///   replacement, or nil to copy the node as it is.
  func rebuilt(_ replace: (_ new: inout Graph, _ index: Index, _ positions: [Index]) -> Index?) -> Graph {
    var new = Graph()
    var positions: [Index] = []
    for index in nodes.indices {
      positions.append(replace(&new, index, positions) ?? new.copy(self[index], inputs: self[index].inputs.map { positions[$0] }))
    }
    new.outputs = outputs.map { positions[$0] }
    return new.removingDeadNodes()
  }
}
