import Learning
import Tensors

/// What a canvas is compared with, at one scale.
struct StyleTargets {
  /// The content's maps, by layer.
  let content: [Tensor]
  /// Gram matrices over the number of pixels, by region and layer.
  let styles: [[Tensor]]
  /// How much each pixel of the canvas belongs to each region, [1, 1, height, width]; none if the style goes everywhere.
  let regions: [Tensor]

  /// - Parameters:
  ///   - content: planes of the canvas.
  ///   - styles: planes of each style, of any sizes.
  ///   - masks: of the canvas: none, one for all styles, or one a style.
  init(content: Tensor, styles: [Tensor], masks: [Tensor], settings: StyleSettings, network: PerceptualNetwork, features: FeatureProgram) {
    let negative = network.means.map { -$0 }
    self.content = features.maps(of: content.shifted(by: negative), at: settings.contentLayers)
    let grams = styles.map { style in
      // Repeated edges do not count.
      let step = Tiling.step, mask = Tensor([1, 1, style.shape[2], style.shape[3]], repeating: 1)
      let canvas = style.padded(toMultiplesOf: step)
      var covered = Tensor([1, 1, canvas.shape[2], canvas.shape[3]])
      let width = canvas.shape[3], columns = mask.shape[3], rows = mask.shape[2]
      covered.withMutableSpan { span in for row in 0..<rows { for column in 0..<columns { span[row * width + column] = 1 } } }
      return features.grams(of: canvas.shifted(by: negative), mask: covered, at: settings.styleLayers)
    }
    regions = masks
    if masks.count > 1 {
      self.styles = grams
    } else {
      let weights = settings.blend.isEmpty ? styles.map { _ in 1 } : settings.blend, sum = weights.reduce(0, +)
      self.styles = [settings.styleLayers.indices.map { layer in
        zip(grams, weights).map { $0[layer] * Float($1 / sum) }.reduce(Tensor(grams[0][layer].shape), +)
      }]
    }
  }
}
