import Graphs
import Tensors

/// A network read from a Darknet configuration and its weights.
///
/// The graph has one input, pictures [1, channels, height, width] with values from 0 to 1 and planes in the order red, green, blue. Its outputs are, for a
/// detector, the raw numbers that each head decodes, in the order of ``heads``; for any other network the result of the last layer, [1, channels, height,
/// width].
///
/// ```swift
/// let network = try DarknetNetwork.load(configuration: "yolov3-tiny.cfg", weights: "yolov3-tiny.weights")
/// let maps = network.graph.compiled().run([pixels])
/// ```
public struct DarknetNetwork: Sendable {
  public let graph: Graph
  /// [1, channels, height, width].
  public let inputShape: Shape
  /// One for each section after `[net]`.
  public let layers: [DarknetLayer]
  /// The heads of a detector, empty for any other network.
  public let heads: [DarknetHead]
  /// How many numbers the weights are.
  public let weightCount: Int

  /// Reads a network.
  ///
  /// - Parameters:
  ///   - path: the configuration (`.cfg`).
  ///   - weights: the weights (`.weights`); without them the network has random weights that `seed` fixes.
  ///   - inputSize: the size of the pictures in pixels, instead of the configuration's. The network must allow it: width and height
  ///     multiples of its stride, and no layer that is tied to one size.
  /// - Throws: ``DarknetError`` naming file, section and line.
  public static func load(
    configuration path: String, weights: String? = nil, seed: UInt64 = 0, inputSize: (width: Int, height: Int)? = nil,
    limits: DarknetLimits = DarknetLimits()
  ) throws(DarknetError) -> DarknetNetwork {
    try DarknetNetwork(DarknetConfiguration(path: path, limits: limits), weights: weights, seed: seed, inputSize: inputSize, limits: limits)
  }

  /// Builds the network of a configuration; see ``load(configuration:weights:seed:inputSize:limits:)``.
  public init(
    _ configuration: DarknetConfiguration, weights: String? = nil, seed: UInt64 = 0, inputSize: (width: Int, height: Int)? = nil,
    limits: DarknetLimits = DarknetLimits()
  ) throws(DarknetError) {
    let source: DarknetWeightSource = if let weights { .file(try DarknetWeights(path: weights)) } else { .random(RandomNumbers(seed: seed)) }
    var importer = try DarknetImporter(configuration, source: source, inputSize: inputSize, limits: limits)
    try importer.importLayers()
    graph = importer.graph
    inputShape = importer.inputShape
    layers = importer.layers
    heads = importer.heads
    weightCount = importer.weightCount
  }
}
