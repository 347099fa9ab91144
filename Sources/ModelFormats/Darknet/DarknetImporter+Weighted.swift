import Graphs
import Tensors

// The layers that have weights.
extension DarknetImporter {
  /// A convolution. Numbers in the file: biases (β with batch normalisation), then γ, μ and σ² with it, then weights [filters, channels / groups, size, size].
  mutating func convolutional(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let channels = graph[input].shape[1]
    let filters = try section.integer("filters", in: 1...largestCount)
    let size = try section.integer("size", in: 1...largestWindow)
    let groups = try section.integer("groups", default: 1, in: 1...largestCount)
    let stride = try stride(of: section)
    let dilation = size == 1 ? 1 : try section.integer("dilation", default: 1, in: 1...largestWindow)
    let padding = try section.flag("pad") ? size / 2 : section.integer("padding", default: 0, in: 0...largestWindow)
    let isFlipped = try section.flag("flipped")
    try section.refuse(
      "binary", "xnor", "antialiasing", "sway", "rotate", "stretch", "stretch_sway", "coordconv", "dontload", "dontloadscales")
    guard section.option("share_index") == nil else { throw section.error("share_index is not supported") }
    guard channels % groups == 0, filters % groups == 0 else {
      throw section.error("\(channels) channels and \(filters) filters cannot be cut into \(groups) groups", line: section.option("groups")?.line)
    }

    let fanIn = channels / groups * size * size
    let normalisation = try normalisation(of: filters, section)
    var weights = try take([filters, channels / groups, size, size], .weights(fanIn: fanIn), for: section)
    if isFlipped { weights = weights.transposed(rows: fanIn, columns: filters) }
    var inputs = [input, constant(weights, "weights", of: section)]
    if case .bias(let bias) = normalisation { inputs.append(bias) }
    let convolution = Convolution2D(stride: stride, padding: .all(padding * dilation), dilation: dilation, groups: groups)
    let node = try append(convolution, inputs, of: section)
    return try activate(normalised(node, normalisation, section), section, default: Activate(.logistic))
  }

  /// A fully connected layer. Numbers in the file: biases, weights [outputs, inputs], then γ, μ and σ² with batch normalisation.
  mutating func connected(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let shape = graph[input].shape
    let outputs = try section.integer("output", in: 1...largestCount)
    let isNormalised = try section.flag("batch_normalize"), isFlipped = try section.flag("flipped")
    try section.refuse("dontload", "dontloadscales")
    guard !isResized || shape.count == shape[1] else { throw section.error("ties the network to the picture size of its configuration") }

    let bias = constant(try take([outputs], .zeros, for: section), isNormalised ? "β" : "bias", of: section)
    var weights = try take([outputs, shape.count], .weights(fanIn: shape.count), for: section)
    if source.isTransposed || isFlipped { weights = weights.transposed(rows: shape.count, columns: outputs) }
    let matrix = try append(Reshape([1, shape.count]), [input], of: section)
    let kernel = constant(weights, "weights", of: section)
    let node: Graph.Index
    if isNormalised {
      let statistics = try statistics(of: outputs, section)
      let product = try append(FullyConnected(), [matrix, kernel], of: section)
      node = try normalised(product, .batch([statistics[0], bias, statistics[1], statistics[2]]), section)
    } else {
      node = try append(FullyConnected(), [matrix, kernel, bias], of: section)
    }
    return try append(Reshape([1, outputs, 1, 1]), [activate(node, section, default: Activate(.logistic))], of: section)
  }

  /// A convolution with weights of its own at each place. Numbers in the file: biases [filters, places], weights [places, filters, channels · size · size].
  mutating func local(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let shape = graph[input].shape
    let filters = try section.integer("filters", in: 1...largestCount)
    let size = try section.integer("size", in: 1...largestWindow)
    let stride = try section.integer("stride", default: 1, in: 1...largestWindow)
    let padding = try section.integer("pad", default: 0, in: 0...largestWindow)
    guard !isResized else { throw section.error("ties the network to the picture size of its configuration") }
    // Darknet counts places as if a padding were always half the window.
    guard padding == 0 || padding == (size - 1) / 2 && size % 2 == 1 else {
      throw section.error("pad: expected 0 or \((size - 1) / 2), found \(padding)", line: section.option("pad")?.line)
    }
    guard shape[2] + 2 * padding >= size, shape[3] + 2 * padding >= size else {
      throw section.error("size: a window of \(size) does not fit into \(shape[3])×\(shape[2])", line: section.option("size")?.line)
    }
    let places = ((shape[2] + 2 * padding - size) / stride + 1) * ((shape[3] + 2 * padding - size) / stride + 1)
    let fanIn = shape[1] * size * size
    let bias = constant(try take([filters, places], .zeros, for: section), "bias", of: section)
    let weights = constant(try take([places, filters, fanIn], .weights(fanIn: fanIn), for: section), "weights", of: section)
    let node = try append(LocallyConnected2D(size: size, stride: stride, padding: padding), [input, weights, bias], of: section)
    return try activate(node, section, default: Activate(.logistic))
  }

  /// What follows a product: a bias, or batch normalisation with γ, β, μ and σ².
  enum Normalisation {
    case bias(Graph.Index)
    case batch([Graph.Index])
  }

  private mutating func normalisation(of channels: Int, _ section: DarknetSection) throws(DarknetError) -> Normalisation {
    let isPlain = try section.flag("batch_normalize"), isAcrossBatches = try section.flag("cbn")  // both compute the same once trained
    let isNormalised = isPlain || isAcrossBatches
    let bias = constant(try take([channels], .zeros, for: section), isNormalised ? "β" : "bias", of: section)
    guard isNormalised else { return .bias(bias) }
    let statistics = try statistics(of: channels, section)
    return .batch([statistics[0], bias, statistics[1], statistics[2]])
  }

  /// γ, μ and σ².
  private mutating func statistics(of channels: Int, _ section: DarknetSection) throws(DarknetError) -> [Graph.Index] {
    [
      constant(try take([channels], .ones, for: section), "γ", of: section),
      constant(try take([channels], .zeros, for: section), "μ", of: section),
      constant(try take([channels], .ones, for: section), "σ²", of: section),
    ]
  }

  private mutating func normalised(_ node: Graph.Index, _ normalisation: Normalisation, _ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    guard case .batch(let statistics) = normalisation else { return node }
    return try append(BatchNormalization(epsilon: 1e-5), [node] + statistics, of: section)
  }

  /// The stride along both axes.
  func stride(of section: DarknetSection) throws(DarknetError) -> Int {
    let stride = try section.integer("stride", default: 1, in: 1...largestWindow)
    let x = try section.integer("stride_x", default: stride, in: 1...largestWindow)
    let y = try section.integer("stride_y", default: stride, in: 1...largestWindow)
    guard x == y else { throw section.error("strides of \(x) across and \(y) down are not supported; both must be the same") }
    return x
  }
}

extension Tensor {
  /// The transpose of a matrix of `rows` × `columns`, under this tensor's own shape.
  fileprivate func transposed(rows: Int, columns: Int) -> Tensor {
    var result = Tensor(shape)
    let source = span
    result.withMutableSpan { target in
      for row in 0..<rows {
        for column in 0..<columns { target[column * rows + row] = source[row * columns + column] }
      }
    }
    return result
  }
}
