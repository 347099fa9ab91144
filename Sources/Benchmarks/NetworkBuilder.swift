import Graphs
import Kernels
import Tensors

/// Builds a network with random weights: the layers that networks are made of, each a few nodes.
///
/// Weights are drawn so that a layer's results vary as much as its inputs (He et al. 2015), and the statistics of batch normalisation lie about those of such
/// results: numbers neither vanish nor explode in the deepest network.
package struct NetworkBuilder {
  package typealias Index = Graph.Index
  package var graph = Graph()
  /// How many numbers training would change: weights, biases, and the factors and summands of batch normalisation.
  package private(set) var parameterCount = 0
  private var random: RandomNumbers
  private var layers = 0

  init(seed: UInt64) { random = RandomNumbers(seed: seed) }

  package mutating func input(_ shape: Shape) -> Index { graph.input("image", shape) }

  /// The finished graph.
  package mutating func finished(_ outputs: Index...) -> Graph {
    graph.outputs = outputs
    return graph
  }

  /// A convolution with weights of variance `gain` / (numbers in a sum), a padding that keeps the size unless another is given, and a bias if asked for.
  package mutating func convolution(
    _ x: Index, _ outputs: Int, size: Int, stride: Int = 1, padding: Int? = nil, groups: Int = 1, hasBias: Bool = true, gain: Float = 2
  ) throws(ShapeError) -> Index {
    let name = nextName("conv"), channels = graph[x].shape[1] / groups
    let w = weights("\(name).weight", [outputs, channels, size, size], depth: channels * size * size, gain: gain)
    let inputs = hasBias ? [x, w, parameters("\(name).bias", [outputs], in: -0.1..<0.1)] : [x, w]
    return try graph.append(Convolution2D(stride: stride, padding: .all(padding ?? size / 2), groups: groups), inputs, name: name)
  }

  /// A convolution along time of maps one row high, batch normalisation and ReLU.
  package mutating func normalizedAlongTime(_ x: Index, _ outputs: Int, size: Int, stride: Int) throws(ShapeError) -> Index {
    let name = nextName("conv"), channels = graph[x].shape[1]
    let w = weights("\(name).weight", [outputs, channels, 1, size], depth: channels * size, gain: 2)
    let b = parameters("\(name).bias", [outputs], in: -0.1..<0.1)
    let y = try graph.append(Convolution2D(stride: stride), [x, w, b], name: name)
    return try activate(.relu, try batchNormalization(y, scale: 1))
  }

  /// A convolution without bias, batch normalisation by factors of about `scale`, and an activation.
  package mutating func normalized(
    _ x: Index, _ outputs: Int, size: Int, stride: Int = 1, groups: Int = 1, _ activation: Activation, scale: Float = 1
  ) throws(ShapeError) -> Index {
    var y = try convolution(x, outputs, size: size, stride: stride, groups: groups, hasBias: false, gain: activation == .linear ? 1 : 2)
    y = try batchNormalization(y, scale: scale)
    return activation == .linear ? y : try graph.append(Activate(activation), [y])
  }

  private mutating func batchNormalization(_ x: Index, scale: Float) throws(ShapeError) -> Index {
    let name = nextName("norm"), channels = graph[x].shape[1]
    let statistics = [
      parameters("\(name).gamma", [channels], in: 0.9 * scale..<1.1 * scale), parameters("\(name).beta", [channels], in: -0.1..<0.1),
      numbers("\(name).mean", [channels], in: -0.1..<0.1), numbers("\(name).variance", [channels], in: 0.9..<1.1),
    ]
    return try graph.append(BatchNormalization(epsilon: 1e-5), [x] + statistics, name: name)
  }

  package mutating func maxPooling(_ x: Index, size: Int, stride: Int, padding: Padding = .none) throws(ShapeError) -> Index {
    try graph.append(Pooling2D(.max, size: size, stride: stride, padding: padding), [x], name: nextName("pool"))
  }

  package mutating func add(_ a: Index, _ b: Index) throws(ShapeError) -> Index { try graph.append(Add(), [a, b], name: nextName("add")) }

  package mutating func activate(_ activation: Activation, _ x: Index) throws(ShapeError) -> Index { try graph.append(Activate(activation), [x]) }

  package mutating func upsample(_ x: Index, by factor: Int) throws(ShapeError) -> Index {
    try graph.append(Upsample2D(factor: factor), [x], name: nextName("upsample"))
  }

  package mutating func concatenate(_ inputs: Index...) throws(ShapeError) -> Index {
    try graph.append(ConcatenateChannels(), inputs, name: nextName("concatenate"))
  }

  /// x as a network would hand it on: from a convolution that leaves it where and how convolutions do, and into which nothing that follows is fused.
  package mutating func lead(_ x: Index) throws(ShapeError) -> Index {
    let channels = graph[x].shape[1]
    let w = numbers("lead-in.weight", [channels, 1, 1, 1], in: 0.9..<1.1)
    return try graph.append(Convolution2D(groups: channels, activation: .leaky(slope: 0.5)), [x, w], name: leadIn)
  }

  /// The means of all maps, and a fully connected layer from them.
  package mutating func classifier(_ x: Index, classes: Int) throws(ShapeError) -> Index {
    let shape = graph[x].shape
    let means = try graph.append(GlobalAverage(), [x], name: "average")
    let row = try graph.append(Reshape([shape[0], shape[1]]), [means])
    return try linear(row, to: classes)
  }

  /// A fully connected layer.
  package mutating func linear(_ x: Index, to outputs: Int) throws(ShapeError) -> Index {
    let inputs = graph[x].shape[1], w = weights("classes.weight", [outputs, inputs], depth: inputs, gain: 1)
    return try graph.append(FullyConnected(), [x, w, parameters("classes.bias", [outputs], in: -0.1..<0.1)], name: "classes")
  }

  /// Maps of one row as a sequence, and a GRU over it; x may be a sequence already.
  package mutating func gru(_ x: Index, units: Int) throws(ShapeError) -> Index {
    let x = graph[x].shape.rank == 4 ? try graph.append(PixelSequence(), [x], name: nextName("sequence")) : x
    let name = nextName("gru"), inputs = graph[x].shape[2], limit = 1 / Float(units).squareRoot()
    let weights = [Shape([3 * units, inputs]), [3 * units, units], [3 * units], [3 * units]].enumerated().map { index, shape in
      parameters("\(name).\(index)", shape, in: -limit..<limit)
    }
    return try graph.append(Recurrent(.gru), [x] + weights, name: name)
  }

  private mutating func nextName(_ kind: String) -> String {
    layers += 1
    return "\(kind) \(layers)"
  }

  package mutating func weights(_ name: String, _ shape: Shape, depth: Int, gain: Float) -> Index {
    let limit = (3 * gain / Float(depth)).squareRoot()  // the variance of the even distribution is a third of the square of its limit
    return parameters(name, shape, in: -limit..<limit)
  }

  mutating func parameters(_ name: String, _ shape: Shape, in range: Range<Float>) -> Index {
    parameterCount += shape.count
    return numbers(name, shape, in: range)
  }

  private mutating func numbers(_ name: String, _ shape: Shape, in range: Range<Float>) -> Index {
    graph.constant(name, Tensor(shape, uniformIn: range, using: &random))
  }
}
