import Kernels
import Tensors

extension Graph {
  /// Gives each value the layout in which it is written, and puts a ``ChangeLayout`` where a reader needs another.
  ///
  /// Operations that work on blocks of channels get them; those that take any layout follow their inputs; so layouts change only where a run of blocked
  /// operations begins or ends. A border is as wide as the reader that needs the widest.
  ///
  /// - Parameter lanes: channels of a block: the length of the processor's vectors.
  public func choosingLayouts(lanes: Int) -> Graph {
    let supports = nodes.map { node in
      node.operation.layoutSupport(inputs: node.inputs.map { self[$0].shape }, output: node.shape, lanes: lanes)
    }
    // How many lanes each value is written with.
    var written = [Int](repeating: 1, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      switch supports[index] {
      case .plain: break
      case .fixed(_, let outputLanes): written[index] = outputLanes
      case .uniform(let isMaps, _):
        written[index] = zip(node.inputs, isMaps).contains { input, isMaps in isMaps && written[input] == lanes } ? lanes : 1
      }
    }
    // How wide a border it is written with, if it can have one: as wide as a reader needs that takes the lanes as they are, and none if one takes no border.
    var borders = [Int](repeating: 0, count: nodes.count), isBare = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for (place, input) in node.inputs.enumerated() {
        let wanted = supports[index].requirement(ofInput: place, lanes: written[index])
        guard wanted.layout.lanes == written[input] else { continue }
        borders[input] = max(borders[input], wanted.layout.border)
        if wanted.isExact { isBare[input] = true }
      }
    }
    for output in outputs where written[output] == 1 { isBare[output] = true }
    for index in nodes.indices where !(supports[index].writesBorders || self[index].operation is Input) { isBare[index] = true }
    for index in nodes.indices where isBare[index] { borders[index] = 0 }
    widenBorders(&borders, written: written, isBare: isBare, supports)

    var new = Graph(), positions: [Index] = []
    var changed: [[MapLayout: Index]] = []
    func position(of input: Index, as layout: MapLayout, isExact: Bool) -> Index {
      let given = MapLayout(lanes: written[input], border: borders[input])
      if given.lanes == layout.lanes, isExact ? given.border == layout.border : given.border >= layout.border { return positions[input] }
      if let before = changed[input][layout] { return before }
      let change = ChangeLayout(from: given, to: layout, shape: self[input].shape)
      let index = new.copy(Node(operation: change, inputs: [], shape: self[input].shape, name: self[input].name, layout: layout), inputs: [positions[input]])
      changed[input][layout] = index
      return index
    }
    for (index, node) in nodes.enumerated() {
      var node = node
      node.layout = MapLayout(lanes: written[index], border: borders[index])
      let inputs = node.inputs.enumerated().map { place, input in
        let wanted = supports[index].requirement(ofInput: place, lanes: written[index])
        return position(of: input, as: wanted.layout, isExact: wanted.isExact)
      }
      positions.append(new.copy(node, inputs: inputs))
      changed.append([:])
    }
    new.outputs = outputs.map { position(of: $0, as: .plain, isExact: true) }
    return new
  }

  /// Gives the operands and the result of an operation that wants one border the widest of theirs.
  private func widenBorders(_ borders: inout [Int], written: [Int], isBare: [Bool], _ supports: [LayoutSupport]) {
    var isSettled = false
    while !isSettled {
      isSettled = true
      for (index, node) in nodes.enumerated().reversed() where !isBare[index] {
        guard case .uniform(_, true) = supports[index] else { continue }
        let alike = [index] + node.inputs.filter { !isBare[$0] && written[$0] == written[index] }
        let widest = alike.map { borders[$0] }.max() ?? 0
        for value in alike where borders[value] < widest {
          borders[value] = widest
          isSettled = false
        }
      }
    }
  }
}
