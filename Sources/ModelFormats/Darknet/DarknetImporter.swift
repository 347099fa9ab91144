import Graphs
import Tensors

/// Builds a graph from the sections of a configuration, in their order, which is the order of the numbers in a weights file. Each kind of section has a
/// method of its own.
struct DarknetImporter {
  private(set) var graph = Graph()
  let inputShape: Shape
  private(set) var layers: [DarknetLayer] = []
  var heads: [DarknetHead] = []
  private(set) var weightCount = 0
  let limits: DarknetLimits
  /// Whether the pictures have another size than the configuration says.
  let isResized: Bool

  private let sections: [(section: DarknetSection, kind: DarknetLayerKind)]
  private(set) var source: DarknetWeightSource
  /// The result of the layer before, nil after a head.
  private var last: Graph.Index?

  init(
    _ configuration: DarknetConfiguration, source: DarknetWeightSource, inputSize: (width: Int, height: Int)?, limits: DarknetLimits
  ) throws(DarknetError) {
    let net = configuration.sections[0]
    guard net.name == "net" || net.name == "network" else {
      throw net.error("expected [net] as the first section")
    }
    var sections: [(section: DarknetSection, kind: DarknetLayerKind)] = []
    for section in configuration.sections.dropFirst() {
      guard section.name != net.name else { throw section.error("a second [\(net.name)]; a configuration holds one network") }
      sections.append((section, try DarknetLayerKind(section)))
    }
    guard !sections.isEmpty else { throw net.error("expected layers after [\(net.name)], found none") }
    let channels = try net.integer("channels", in: 1...largestCount)
    let width = try net.integer("width", in: 1...largestCount), height = try net.integer("height", in: 1...largestCount)
    let size = inputSize ?? (width, height)
    guard size.width > 0, size.height > 0, let count = checkedProduct([channels, size.height, size.width]), count <= limits.layerNumbers else {
      throw net.error("pictures of \(size.width)×\(size.height) with \(channels) channels are outside the limit of \(limits.layerNumbers) numbers")
    }
    self.sections = sections
    self.source = source
    self.limits = limits
    isResized = size != (width, height)
    inputShape = [1, channels, size.height, size.width]
    last = graph.input("pictures", inputShape)
  }

  mutating func importLayers() throws(DarknetError) {
    for (section, kind) in sections {
      let node = try importLayer(section, kind)
      let shape = graph[node].shape
      layers.append(DarknetLayer(kind: kind, line: section.line, channels: shape[1], height: shape[2], width: shape[3], node: node))
      last = kind.isHead ? nil : node
    }
    try source.finish()
    if heads.isEmpty { graph.outputs = [layers[layers.count - 1].node] }
  }

  private mutating func importLayer(_ section: DarknetSection, _ kind: DarknetLayerKind) throws(DarknetError) -> Graph.Index {
    switch kind {
    case .convolutional: try convolutional(section)
    case .connected: try connected(section)
    case .local: try local(section)
    case .maxpool: try pool(section, takesMaximum: true)
    case .localAverage: try pool(section, takesMaximum: false)
    case .avgpool: try append(GlobalAverage(), [input(of: section)], of: section)
    case .dropout, .cost: try input(of: section)  // what they do, they do in training
    case .softmax: try softmax(section)
    case .activation: try append(section.activation(default: Activate(.linear)), [input(of: section)], of: section)
    case .logistic: try append(Activate(.logistic), [input(of: section)], of: section)
    case .route: try route(section)
    case .shortcut: try shortcut(section)
    case .scaleChannels: try scaleChannels(section)
    case .sam: try sam(section)
    case .upsample: try upsample(section)
    case .reorg: try reorg(section)
    case .crop: try crop(section)
    case .yolo: try yolo(section)
    case .region: try region(section)
    case .detection: try detection(section)
    }
  }
}

/// The most that a size in a configuration may be; products of a few such numbers still fit into an `Int`.
let largestCount = 1 << 20
/// The most that a window, a stride, a padding or a dilation may be.
let largestWindow = 1 << 12

extension DarknetImporter {
  /// The result of the layer before.
  func input(of section: DarknetSection) throws(DarknetError) -> Graph.Index {
    guard let last else { throw section.error("reads the boxes of the layer before; only a [route] to an earlier layer can follow a detector's head") }
    return last
  }

  /// The result of the layer that `index` names: counted from this one if negative, else from the first.
  func layer(_ index: Int, key: String, of section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let position = index < 0 ? layers.count + index : index
    let line = section.option(key)?.line
    guard layers.indices.contains(position) else {
      throw section.error("\(key): layer \(index) is not among the \(layers.count) layers before this one", line: line)
    }
    guard !layers[position].kind.isHead else {
      throw section.error("\(key): layer \(index) is a [\(layers[position].kind.rawValue)], whose boxes no layer can read", line: line)
    }
    return layers[position].node
  }

  /// The name of the layer being built, as nodes and errors call it.
  func name(of section: DarknetSection) -> String { "layer \(layers.count) [\(section.name)]" }

  /// Adds a node, within the limits.
  mutating func append(_ operation: some Graphs.Operation, _ inputs: [Graph.Index], of section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let node: Graph.Index
    do throws(ShapeError) {
      node = try graph.append(operation, inputs, name: name(of: section))
    } catch {
      throw section.error(error.description)
    }
    let shape = graph[node].shape
    guard let count = checkedProduct(shape.indices.map { shape[$0] }), count <= limits.layerNumbers else {
      throw section.error("a result of \(shape) is outside the limit of \(limits.layerNumbers) numbers")
    }
    return node
  }

  /// The next numbers of the weights, within the limits.
  mutating func take(_ sizes: [Int], _ role: DarknetWeightSource.Role, for section: DarknetSection) throws(DarknetError) -> Tensor {
    guard let count = checkedProduct(sizes), count <= limits.weightNumbers - weightCount else {
      throw section.error("weights of \(sizes.map(String.init).joined(separator: "×")) numbers are outside the limit of \(limits.weightNumbers) in all")
    }
    weightCount += count
    return try source.take(Shape(sizes), role, for: "\(name(of: section)) of line \(section.line)")
  }

  /// Adds weights to the graph.
  mutating func constant(_ tensor: Tensor, _ role: String, of section: DarknetSection) -> Graph.Index {
    graph.constant("\(name(of: section)) \(role)", tensor)
  }

  /// Adds an activation, unless it does nothing.
  mutating func activate(_ node: Graph.Index, _ section: DarknetSection, default fallback: Activate = Activate(.linear)) throws(DarknetError) -> Graph.Index {
    let operation = try section.activation(default: fallback)
    return operation.activation == .linear ? node : try append(operation, [node], of: section)
  }

  /// Makes the graph return a node, and says as which output.
  mutating func addOutput(_ node: Graph.Index) -> Int {
    graph.outputs.append(node)
    return graph.outputs.count - 1
  }

  /// The same numbers as [1, count, 1, 1].
  mutating func flattened(_ node: Graph.Index, _ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let shape = graph[node].shape
    return shape.count == shape[1] ? node : try append(Reshape([1, shape.count, 1, 1]), [node], of: section)
  }
}

extension DarknetLayerKind {
  /// Whether it turns numbers into boxes.
  var isHead: Bool { self == .yolo || self == .region || self == .detection }
}
