import Tensors

/// How large windows may be, and how many steps L-BFGS may remember, for a run to take no more memory than it is allowed.
struct MemoryBudget {
  /// The largest side of a window.
  let side: Int
  let history: Int

  /// - Throws: ``StyleError/memory(needed:limit:)`` when not even the smallest windows fit.
  init(_ settings: StyleSettings, network: PerceptualNetwork, height: Int, width: Int) throws(StyleError) {
    guard let limit = settings.memoryLimit else {
      (side, history) = (max(height, width), Self.usualHistory)
      return
    }
    let layers = settings.contentLayers + settings.styleLayers
    let reach = layers.map { network.features.reach(of: $0) }.max() ?? 0, smallest = 2 * ((reach + 15) / 16 * 16) + 3 * Tiling.step
    let pixels = height * width, fixed = Self.fixedBytes + pixels * Self.pixelBytes
    // The windows get three quarters of what is left.
    let rest = limit - fixed, windows = rest / 4 * 3
    let needed = fixed + smallest * smallest * Self.windowBytes + 3 * pixels * Self.stepBytes
    guard rest > 0, limit >= needed else { throw .memory(needed: needed, limit: limit) }
    if pixels * Self.windowBytes + Self.usualHistory * pixels * Self.stepBytes <= rest {
      (side, self.history) = (max(height, width), Self.usualHistory)
      return
    }
    var side = smallest
    while (side + Tiling.step) * (side + Tiling.step) * Self.windowBytes <= windows { side += Tiling.step }
    self.side = min(side, max(height, width))
    self.history = settings.method == .adam ? Self.usualHistory : max(3, min(Self.usualHistory, (rest - side * side * Self.windowBytes) / (pixels * Self.stepBytes)))
  }

  static let usualHistory = 8
  /// The network's weights, plain and packed, and the rest of the process.
  static let fixedBytes = 480 << 20
  /// Of each pixel of a window: activations, gradients, working memory.
  static let windowBytes = 2_000
  /// Of each pixel of the canvas: pixels, gradients, content maps, pictures.
  static let pixelBytes = 200
  /// Of each pixel, for each step that L-BFGS remembers.
  static let stepBytes = 24
}
