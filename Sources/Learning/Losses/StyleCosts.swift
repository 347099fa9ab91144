import Graphs

/// (1 / 4n) Σ (g − c)² over the n elements of two feature maps: how far a picture is from another in content.
///
/// Gatys, Ecker and Bethge, “Image style transfer using convolutional neural networks”, 2016, with the mean over all elements.
public func contentCost(_ generated: Node, _ content: Node) -> Node { square(generated - content).sum() * (1 / (4 * Float(generated.shape.count))) }

/// G[i, j] = Σ over pixels of F[i] · F[j] of feature maps [1, channels, height, width].
public func gramMatrix(_ features: Node) -> Node { features.applying(GramMatrix()) }

/// 1 / (4 channels²) · Σ (G / pixels − A)², where A is the style's Gram matrix over the number of its own pixels, so that pictures of different sizes
/// can be compared: Gatys et al.'s cost of a layer, where both have as many.
public func layerStyleCost(_ features: Node, target: Node) -> Node {
  let channels = features.shape[1], pixels = features.shape[2] * features.shape[3]
  return square(gramMatrix(features) * (1 / Float(pixels)) - target).sum() * (1 / (4 * Float(channels * channels)))
}

/// α · content + β · style
public func totalStyleCost(content: Node, style: Node, contentWeight: Float, styleWeight: Float) -> Node { content * contentWeight + style * styleWeight }
