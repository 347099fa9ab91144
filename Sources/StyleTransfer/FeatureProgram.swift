import Graphs
import Kernels
import Learning
import Tensors

/// Features and Gram matrices of a picture that does not change: computed once, window by window.
struct FeatureProgram {
  private let network: PerceptualNetwork
  private let processor: Processor
  /// The largest side of a window.
  private let side: Int

  init(_ network: PerceptualNetwork, side: Int, processor: Processor) {
    self.network = network
    self.side = side
    self.processor = processor
  }

  /// The maps of some layers.
  ///
  /// - Parameter canvas: pixels less the network's means, both sides multiples of ``Tiling/step``.
  func maps(of canvas: Tensor, at layers: [String]) -> [Tensor] {
    let (tiling, arena) = prepared(canvas, layers) { $0 }
    let factors = layers.map { 1 << network.features.block(of: $0)! }
    var result = zip(layers, factors).map { layer, factor in
      Tensor([1, VGGFeatures.channels[network.features.block(of: layer)!], tiling.height / factor, tiling.width / factor])
    }
    for window in tiling.windows {
      run(arena, canvas, tiling, window)
      for index in layers.indices {
        let found = arena.output(index), factor = factors[index], source = found.span
        let channels = found.shape[1], rows = found.shape[2], columns = found.shape[3], height = result[index].shape[2], width = result[index].shape[3]
        result[index].withMutableSpan { target in
          for channel in 0..<channels {
            for row in window.rows.lowerBound / factor..<window.rows.upperBound / factor {
              for column in window.columns.lowerBound / factor..<window.columns.upperBound / factor {
                target[(channel * height + row) * width + column] =
                  source[(channel * rows + row - window.top / factor) * columns + column - window.left / factor]
              }
            }
          }
        }
      }
    }
    return result
  }

  /// The Gram matrices of some layers, over Σ m² of the mask m.
  ///
  /// - Parameter mask: [1, 1, height, width], how much each pixel of the canvas counts.
  func grams(of canvas: Tensor, mask: Tensor, at layers: [String]) -> [Tensor] {
    let factors = layers.map { 1 << network.features.block(of: $0)! }, masks = factors.map { mask.averaged(by: $0).normalized }
    let (tiling, arena) = prepared(canvas, layers) { maps in
      let recorder = maps[0].recorder
      return maps.map { found in
        gramMatrix(found * recorder.input("mask", [1, 1, found.shape[2], found.shape[3]]).broadcast(to: found.shape))
      }
    }
    var sums: [Tensor] = []
    for window in tiling.windows {
      for index in layers.indices { arena.setInput(1 + index, to: tiling.interior(of: masks[index], factor: factors[index], in: window)) }
      run(arena, canvas, tiling, window)
      let found = layers.indices.map { arena.output($0) }
      sums = sums.isEmpty ? found : zip(sums, found).map { $0 + $1 }
    }
    return sums
  }

  private func prepared(_ canvas: Tensor, _ layers: [String], _ results: ([Node]) -> [Node]) -> (Tiling, Arena) {
    let reach = layers.map { network.features.reach(of: $0) }.max() ?? 0
    let tiling = Tiling(height: canvas.shape[2], width: canvas.shape[3], reach: reach, side: side)
    let recorder = Recorder(), x = recorder.input("pixels", [1, 3, tiling.windowHeight, tiling.windowWidth])
    var features = network.features
    features.truncate(to: layers)
    let maps = features(x, at: layers), graph = recorder.graph(returning: results(layers.map { maps[$0]! }))
    return (tiling, Arena(for: graph.compiled(for: processor, preparation: tiling.windows.count > 4 ? .thorough : .quick)))
  }

  private func run(_ arena: Arena, _ canvas: Tensor, _ tiling: Tiling, _ window: Tiling.Window) {
    arena.setInput(0, to: canvas.cropped(top: window.top, left: window.left, height: tiling.windowHeight, width: tiling.windowWidth))
    arena.run()
  }
}

extension Tensor {
  /// The mask over √Σ m²: Gram matrices of maps that it weighs are then means.
  var normalized: Tensor {
    let sum = squareSum
    return sum > 0 ? self * Float(1 / sum.squareRoot()) : self
  }

  static func + (a: Tensor, b: Tensor) -> Tensor {
    let other = b.span
    var result = a
    result.withMutableSpan { span in for index in span.indices { span[index] += other[index] } }
    return result
  }

  static func - (a: Tensor, b: Tensor) -> Tensor { a + b * -1 }

  static func * (a: Tensor, factor: Float) -> Tensor {
    var result = a
    result.withMutableSpan { span in for index in span.indices { span[index] *= factor } }
    return result
  }

  static func * (a: Tensor, b: Tensor) -> Tensor {
    let other = b.span
    var result = a
    result.withMutableSpan { span in for index in span.indices { span[index] *= other[index] } }
    return result
  }
}
