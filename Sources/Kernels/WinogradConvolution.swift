import KernelTemplates

/// A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): a quarter of the multiplications of the direct sum, for weights of four times the memory and an error
/// a few times larger (see docs/decisions/0006-winograd.md). Ready to run: weights transformed, work cut.
///
/// A map is cut into blocks of tiles small enough for the second-level cache; each is transformed, multiplied with all weights and transformed back by one thread.
/// When there are too few of them to share out, all tiles are transformed first, and the threads share the outputs instead.
public struct WinogradConvolution: Sendable {
  private let plan: WinogradPlan
  private let weights: AlignedFloats
  private let bias: AlignedFloats

  /// - Parameters:
  ///   - weights: [outputs][channels][3][3].
  ///   - bias: [outputs], or nil.
  public init(_ plan: WinogradPlan, weights: Span<Float>, bias: Span<Float>?, on processor: Processor) {
    let geometry = plan.geometry
    precondition(weights.count == geometry.outputs * geometry.channels * 9)
    self.plan = plan
    self.weights = AlignedFloats(count: geometry.outputPanels * plan.panelCount)
    self.bias = AlignedFloats(count: geometry.outputPanels * 2 * geometry.lanes)
    for output in 0..<self.bias.count { self.bias.base[output] = output < geometry.outputs ? bias?[output] ?? 0 : 0 }
    let target = self.weights.base
    weights.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      processor.threads.forEach(geometry.outputPanels, (plan, weights, target)) { work, _, panel in
        let (plan, weights, target) = work
        plan.kernels.transformWinogradWeights(plan.geometry, panel, weights, target + panel * plan.panelCount)
      }
    }
  }

  /// `input` is [batch][channels][input height][input width], `output` [batch][outputs][output height][output width].
  public func run(_ input: Span<Float>, into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor) {
    let geometry = plan.geometry
    let inputCount = geometry.channels * geometry.inputHeight * geometry.inputWidth
    let outputCount = geometry.outputs * geometry.outputHeight * geometry.outputWidth
    precondition(input.count == plan.batch * inputCount && output.count == plan.batch * outputCount)
    precondition(scratch.count >= plan.scratchCount(threadCount: processor.threads.threadCount))
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let input = input.baseAddress, let output = output.baseAddress, let maps = scratch.baseAddress else { return }
          for image in 0..<plan.batch {
            let x = input + image * inputCount, y = output + image * outputCount, transformed = maps + plan.mapsCount
            processor.threads.forEach(geometry.channelBlocks, (plan, x, maps)) { work, _, block in
              let (plan, x, maps) = work
              plan.kernels.blockChannels(plan.geometry, block, x, maps)
            }
            if plan.sharesOutputs {
              runSharingOutputs(maps, transformed, y, on: processor)
            } else {
              runSharingTiles(maps, transformed, y, on: processor)
            }
          }
        }
      }
    }
  }

  private func runSharingTiles(
    _ maps: UnsafeMutablePointer<Float>, _ memory: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, on processor: Processor
  ) {
    processor.threads.forEach(plan.tileBlocks, (convolution: self, maps, memory, y)) { work, thread, index in
      let (convolution, maps, memory, y) = work
      let plan = convolution.plan, geometry = plan.geometry, tiles = plan.tiles(of: index)
      let transformed = memory + thread * plan.threadCount(tiles: plan.tilesAtOnce, withInput: true)
      let products = transformed + 36 * geometry.planeStride(tiles: plan.tilesAtOnce)
      plan.kernels.transformWinogradInput(geometry, tiles, 0..<geometry.channelBlocks, UnsafePointer(maps), transformed)
      for panel in 0..<geometry.outputPanels {
        convolution.compute(panel: panel, tiles: tiles, UnsafePointer(transformed), products: products, y)
      }
    }
  }

  private func runSharingOutputs(
    _ maps: UnsafeMutablePointer<Float>, _ memory: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, on processor: Processor
  ) {
    processor.threads.forEach(plan.geometry.channelBlocks, (plan, maps, memory)) { work, _, block in
      let (plan, maps, transformed) = work
      plan.kernels.transformWinogradInput(plan.geometry, 0..<plan.geometry.tiles, block..<block + 1, UnsafePointer(maps), transformed)
    }
    processor.threads.forEach(plan.geometry.outputPanels, (convolution: self, memory, y)) { work, thread, panel in
      let (convolution, transformed, y) = work
      let plan = convolution.plan, tiles = plan.geometry.tiles
      let products = transformed + 36 * plan.geometry.planeStride(tiles: tiles) + thread * plan.threadCount(tiles: tiles, withInput: false)
      convolution.compute(panel: panel, tiles: 0..<tiles, UnsafePointer(transformed), products: products, y)
    }
  }

  /// One panel of outputs of some tiles, from transformed inputs to maps.
  private func compute(
    panel: Int, tiles: Range<Int>, _ transformed: UnsafePointer<Float>, products: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    let kernels = plan.kernels, geometry = plan.geometry
    kernels.multiplyWinograd(geometry, tiles.count, transformed, UnsafePointer(weights.base + panel * plan.panelCount), products)
    kernels.transformWinogradOutput(
      geometry, tiles, panel, UnsafePointer(products), UnsafePointer(bias.base), plan.activation,
      products + 36 * geometry.productStride(tiles: tiles.count), y)
  }
}
