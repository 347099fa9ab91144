import KernelTemplates

/// y[o, p] = b[o, p] + Σ_k w[p, o, k] · patch(p)[k]: a convolution whose weights differ from place to place.
///
/// - Parameters:
///   - x: [batch][channels][input height][input width].
///   - depth: channels · kernel height · kernel width.
///   - places: output height · output width.
///   - weights: [places][outputs][depth]; bias: [outputs][places]; y: [batch][outputs][places].
///   - scratch: `threads · depth` floats.
public func locallyConnected(
  _ x: Span<Float>, batch: Int, geometry: PatchGeometry, depth: Int, places: Int, weights: Span<Float>, bias: Span<Float>,
  into y: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
) {
  let outputs = bias.count / max(1, places)
  precondition(weights.count == places * outputs * depth && y.count == batch * bias.count)
  let inputCount = x.count / max(1, batch)
  precondition(scratch.count >= depth * processor.threads.threadCount)
  x.withUnsafeBufferPointer { x in
    weights.withUnsafeBufferPointer { weights in
      bias.withUnsafeBufferPointer { bias in
        y.withUnsafeMutableBufferPointer { y in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let patches = scratch.baseAddress, let weights = weights.baseAddress else { return }
            let work = (processor.kernels, geometry, x, inputCount, weights, bias, y, patches, places, outputs, depth)
            processor.threads.forEach(batch * places, work) { work, thread, index in
              let (kernels, geometry, x, inputCount, weights, bias, y, patches, places, outputs, depth) = work
              let image = index / places, place = index % places, window = geometry.kernelHeight * geometry.kernelWidth
              let patch = patches + thread * depth
              let top = place / geometry.outputWidth * geometry.stride - geometry.top
              let left = place % geometry.outputWidth * geometry.stride - geometry.left
              for k in 0..<depth {
                let channel = k / window, row = top + k % window / geometry.kernelWidth, column = left + k % geometry.kernelWidth
                let isInside = row >= 0 && row < geometry.inputHeight && column >= 0 && column < geometry.inputWidth
                patch[k] = isInside ? x[image * inputCount + (channel * geometry.inputHeight + row) * geometry.inputWidth + column] : 0
              }
              for output in 0..<outputs {
                let line = weights + (place * outputs + output) * depth
                y[(image * outputs + output) * places + place] =
                  bias[output * places + place] + kernels.dotProduct(line, UnsafePointer(patch), depth)
              }
            }
          }
        }
      }
    }
  }
}
