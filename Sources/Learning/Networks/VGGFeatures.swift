import Graphs
import Kernels
public import Tensors

/// The convolutions of VGG-16 or VGG-19, up to the last one in use: Simonyan & Zisserman, “Very deep convolutional networks for large-scale image
/// recognition”, 2015.
///
/// A layer is called as in the style transfer literature: `relu3_2` is the rectified result of the third block's second convolution. Parameters are
/// called as torchvision's are, `features.N.weight`.
public struct VGGFeatures: Module {
  public enum Depth: Int, Sendable, CaseIterable {
    case sixteen = 16
    case nineteen = 19

    /// How many convolutions each block has.
    public var blocks: [Int] { self == .sixteen ? [2, 2, 3, 3, 3] : [2, 2, 4, 4, 4] }
  }

  /// What lies between blocks: VGG's own maximum, or the mean, which gives smoother gradients (Gatys et al. 2016).
  public enum Pooling: String, Sendable, CaseIterable {
    case max, average
  }

  /// The channels of a block's convolutions.
  public static let channels = [64, 128, 256, 512, 512]

  public let depth: Depth
  public var pooling: Pooling
  public var convolutions: [Conv2D]

  public init(_ depth: Depth = .sixteen, pooling: Pooling = .max, using random: inout RandomNumbers) {
    self.depth = depth
    self.pooling = pooling
    var inputs = 3
    convolutions = []
    for (count, outputs) in zip(depth.blocks, Self.channels) {
      for _ in 0..<count {
        convolutions.append(Conv2D(inputs, outputs, kernel: 3, padding: .all(1), using: &random))
        inputs = outputs
      }
    }
  }

  /// All layers, in order.
  public var layers: [String] { depth.blocks.enumerated().flatMap { block, count in (1...count).map { "relu\(block + 1)_\($0)" } } }

  /// The block of a layer, from 0: as often its maps were halved. Nil if there is no such layer.
  public func block(of layer: String) -> Int? {
    depth.blocks.indices.first { block in (1...depth.blocks[block]).contains { layer == "relu\(block + 1)_\($0)" } }
  }

  /// Removes what lies behind the last of `layers`, which are this network's.
  public mutating func truncate(to layers: some Collection<String>) {
    let names = self.layers
    if let last = layers.compactMap({ names.firstIndex(of: $0) }).max() { convolutions.removeSubrange((last + 1)...) }
  }

  /// How many pixels beyond its own square a place of `layer` sees, on each side.
  public func reach(of layer: String) -> Int {
    var size = 1, step = 1, names = layers[...]
    for (block, count) in depth.blocks.enumerated() {
      if block > 0 {
        size += step
        step *= 2
      }
      for _ in 0..<count {
        size += 2 * step
        if names.popFirst() == layer { return (size - step + 1) / 2 }
      }
    }
    return size
  }

  /// - Parameters:
  ///   - x: [1, 3, height, width], as large as the poolings need.
  ///   - wanted: names of ``layers``, all of them still there.
  /// - Returns: the maps of the wanted layers.
  public func callAsFunction(_ x: Node, at wanted: some Collection<String>) -> [String: Node] {
    var x = x, result: [String: Node] = [:], remaining = convolutions[...]
    for (block, count) in depth.blocks.enumerated() {
      for index in 1...count {
        guard result.count < Set(wanted).count, let convolution = remaining.popFirst() else { return result }
        if index == 1, block > 0 { x = pooling == .max ? MaxPool2D(2)(x) : AveragePool2D(2)(x) }
        x = relu(convolution(x))
        let name = "relu\(block + 1)_\(index)"
        if wanted.contains(name) { result[name] = x }
      }
    }
    return result
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    let places = Self.places(depth)
    visitor.path.append("features")
    defer { visitor.path.removeLast() }
    for index in convolutions.indices { try visitor.visit("\(places[index])", &convolutions[index]) }
  }

  /// Where the convolutions stand in torchvision's list of layers, between activations and poolings.
  private static func places(_ depth: Depth) -> [Int] {
    var place = 0, result: [Int] = []
    for count in depth.blocks {
      for index in 0..<count { result.append(place + 2 * index) }
      place += 2 * count + 1
    }
    return result
  }
}
