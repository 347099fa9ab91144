public import Learning
import ModelFormats
public import ModelStore
import Tensors

/// A VGG network whose features style transfer compares: its input is RGB from 0 to 255 less the mean of each channel.
///
/// ```swift
/// let network = try PerceptualNetwork(in: ModelStore())
/// ```
public struct PerceptualNetwork: Sendable {
  /// The network's model in the registry: VGG-16's convolutions, fine-tuned for edges.
  public static let model = "vgg16-hed"

  /// How the network that a file holds wants its pictures.
  public enum Convention: String, Sendable, CaseIterable {
    /// BGR from 0 to 255, less the means 104.007, 116.669, 122.679: networks that come from Caffe, Keras's own among them.
    case caffe
    /// RGB from 0 to 1, less the means 0.485, 0.456, 0.406, by the deviations 0.229, 0.224, 0.225.
    case torchvision
  }

  /// What the network is called in reports.
  public let name: String
  /// In whose first convolution the convention's order of channels and its scales are.
  public var features: VGGFeatures
  /// What is taken from red, green and blue.
  public let means: [Float]

  /// - Parameters:
  ///   - path: a VGG-16 or VGG-19 as safetensors, PyTorch's state, or Keras's HDF5, told apart by content.
  ///   - convention: nil for that of Caffe in HDF5 files and torchvision's in the others.
  /// - Throws: ``StyleError`` when the file cannot be read or holds another network.
  public init(weights path: String, name: String? = nil, convention: Convention? = nil) throws(StyleError) {
    let (layers, isKeras) = try vggLayers(inFile: path), convention = convention ?? (isKeras ? .caffe : .torchvision)
    let counts = layers.map { [$0.weight.shape[1], $0.weight.shape[0]] }
    guard let depth = VGGFeatures.Depth.allCases.first(where: { channelPairs($0) == counts }) else {
      throw .otherNetwork(file: path, found: "\(layers.count) convolutions of 3×3 windows that are not VGG's")
    }
    var random = RandomNumbers(seed: 0), network = VGGFeatures(depth, using: &random)
    for (index, layer) in layers.enumerated() {
      network.convolutions[index].weight.value = layer.weight
      network.convolutions[index].bias?.value = layer.bias
    }
    network.convolutions[0].weight.value = adapted(layers[0].weight, to: convention)
    features = network
    self.name = name ?? path
    means = convention == .caffe ? [122.67892, 116.66877, 104.00699] : [0.485 * 255, 0.456 * 255, 0.406 * 255]
  }

  /// With the registered network.
  ///
  /// - Throws: ``StyleError`` when it is not installed; the message has the command that installs it.
  public init(in store: ModelStore) throws(StyleError) {
    let files: [String: String]
    do throws(ModelStoreError) { files = try store.locate(Self.model) } catch { throw .store(error) }
    guard let path = files.values.first(where: { $0.hasSuffix(".h5") }) else { throw .noWeights }
    try self.init(weights: path, name: Self.model)
  }

  /// Any network, as for tests.
  package init(name: String, features: VGGFeatures, means: [Float]) {
    self.name = name
    self.features = features
    self.means = means
  }
}

/// The inputs and outputs of each convolution.
private func channelPairs(_ depth: VGGFeatures.Depth) -> [[Int]] {
  var inputs = 3, result: [[Int]] = []
  for (count, outputs) in zip(depth.blocks, VGGFeatures.channels) {
    for _ in 0..<count {
      result.append([inputs, outputs])
      inputs = outputs
    }
  }
  return result
}

/// The first convolution's weights [64, 3, 3, 3] for RGB from 0 to 255.
private func adapted(_ weight: Tensor, to convention: PerceptualNetwork.Convention) -> Tensor {
  let source = weight.span, window = weight.shape[2] * weight.shape[3]
  var result = weight
  result.withMutableSpan { target in
    for index in target.indices {
      let channel = index / window % 3
      switch convention {
      case .caffe: target[index] = source[index + (2 - 2 * channel) * window]
      case .torchvision: target[index] = source[index] / (255 * [0.229, 0.224, 0.225][channel])
      }
    }
  }
  return result
}
