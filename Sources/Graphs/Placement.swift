import Kernels
import Tensors

/// Which values lie in the memory of another: a view in that of its input, the parts of a concatenation in that of the whole, so that their writers have
/// already put them where they belong.
struct Placement {
  /// Whose memory each value lies in, its own for most, and how many floats after that memory's beginning.
  private(set) var owner: [Graph.Index]
  private(set) var offset: [Int]
  /// Which inputs of each node were written where the node would have copied them to.
  private(set) var isPlaced: [[Bool]]

  init(_ graph: Graph) {
    owner = Array(graph.nodes.indices)
    offset = [Int](repeating: 0, count: graph.nodes.count)
    isPlaced = graph.nodes.map { $0.inputs.map { _ in false } }
    for (index, node) in graph.nodes.enumerated() {
      if node.operation.isView {
        owner[index] = owner[node.inputs[0]]
        offset[index] = offset[node.inputs[0]]
        continue
      }
      let places = node.operation.places(ofInputs: node.inputs.map { graph[$0].maps }, in: node.maps)
      for (input, place) in places.enumerated() {
        let value = node.inputs[input]
        // A value of its own that a step computes, and that lies nowhere else yet.
        guard let place, owner[value] == value, !(graph[value].operation is Input), !(graph[value].operation is Constant) else { continue }
        for member in 0..<index where owner[member] == value {
          owner[member] = index
          offset[member] += place
        }
        isPlaced[index][input] = true
      }
    }
  }

  /// Whether a step computes the node's value.
  func isComputed(_ index: Graph.Index, in graph: Graph) -> Bool {
    let node = graph[index]
    let isWhole = !isPlaced[index].isEmpty && isPlaced[index].allSatisfy { $0 }
    return !node.operation.isView && !isWhole && !(node.operation is Input) && !(node.operation is Constant)
  }
}
