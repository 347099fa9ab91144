import Graphs
import Kernels
import Learning
import Tensors

/// What EfficientNet-lite0 makes of pictures before its last layer: the means of its 1,280 maps.
struct FrozenFeatures {
  static let count = 1280
  private static let batch = 8
  private let network: EfficientNetLite0
  private let processor: Processor

  init(of network: EfficientNetLite0, processor: Processor) {
    self.network = network
    self.processor = processor
  }

  /// - Parameters:
  ///   - changes, seed, variant: what is done to the pictures first; each variant is other changes.
  ///   - progress: told how many pictures are done; false ends it.
  /// - Returns: [pictures, 1280]; nil if it was ended.
  func features(
    of pictures: PictureSet, changedBy changes: [any Augmentation] = [], seed: UInt64 = 0, variant: Int = 0, _ progress: (Int) -> Bool
  ) -> Tensor? {
    let size = min(Self.batch, max(1, pictures.count)), recorder = Recorder()
    let x = recorder.input("pictures", [size, 3, pictures.height, pictures.width])
    let means = GlobalAveragePool2D()(network.features(x * (1 / 127.5) - 1, phase: .inference))
    let arena = Arena(for: recorder.graph(returning: [means]).compiled(for: processor, preparation: .quick))
    var all: [Float] = []
    for first in stride(from: 0, to: pictures.count, by: size) {
      let indices = Array(first..<min(first + size, pictures.count)), filled = indices + [Int](repeating: first, count: size - indices.count)
      let batch = Batch(epoch: variant, number: 0, indices: filled)
      arena.setInput(0, to: pictures.inputs(filled).augmented(by: changes, seed: seed, batch))
      arena.run()
      all += arena.output(0).elements.prefix(indices.count * Self.count)
      guard progress(indices.last! + 1) else { return nil }
    }
    return Tensor([pictures.count, Self.count], all)
  }
}

/// A last layer on its own, with dropout before it.
struct FeatureHead: Layer {
  var fc: Linear

  init(outputs: Int) {
    var random = RandomNumbers(seed: 0)
    fc = Linear(FrozenFeatures.count, outputs, initializer: .zeros, using: &random)
  }

  func callAsFunction(_ x: Node, phase: Phase) -> Node { fc(Dropout(0.2)(x, phase: phase)) }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws { try visitor.visit("fc", &fc) }

  func logits(of features: Tensor, on processor: Processor) -> Tensor {
    let recorder = Recorder()
    return recorder.graph(returning: [self(recorder.constant(features), phase: .inference)]).compiled(for: processor, preparation: .quick).run([])[0]
  }
}
