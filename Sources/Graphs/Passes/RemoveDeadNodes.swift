extension Graph {
  /// Without the nodes that no output depends on; inputs stay, so that a program's inputs are those of its graph.
  public func removingDeadNodes() -> Graph {
    var isAlive = [Bool](repeating: false, count: nodes.count)
    for output in outputs { isAlive[output] = true }
    for index in nodes.indices.reversed() {
      if self[index].operation is Input { isAlive[index] = true }
      guard isAlive[index] else { continue }
      for input in self[index].inputs { isAlive[input] = true }
    }
    var new = Graph()
    var positions = [Index?](repeating: nil, count: nodes.count)
    for index in nodes.indices where isAlive[index] {
      positions[index] = new.copy(self[index], inputs: self[index].inputs.map { positions[$0]! })
    }
    new.outputs = outputs.map { positions[$0]! }
    return new
  }
}
