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

/// dw[p, o, k] = Σ_n dy[n, o, p] · patch(n, p)[k]: the gradient of ``locallyConnected(_:batch:geometry:depth:places:weights:bias:into:scratch:on:)`` by the weights.
public func locallyConnectedWeightGradient(
  _ x: Span<Float>, of dy: Span<Float>, batch: Int, geometry: PatchGeometry, depth: Int, places: Int, outputs: Int, into dw: inout MutableSpan<Float>,
  on processor: Processor
) {
  precondition(dw.count == places * outputs * depth && dy.count == batch * outputs * places)
  let inputCount = x.count / max(1, batch)
  x.withUnsafeBufferPointer { x in
    dy.withUnsafeBufferPointer { dy in
      dw.withUnsafeMutableBufferPointer { dw in
        guard let dw = dw.baseAddress else { return }
        processor.threads.forEach(places, (geometry, x, dy, dw, inputCount, batch, places, outputs, depth)) { work, _, place in
          let (geometry, x, dy, dw, inputCount, batch, places, outputs, depth) = work
          for k in 0..<depth {
            let pixel = geometry.pixel(of: k, at: place)
            for output in 0..<outputs {
              var sum: Float = 0
              if let pixel { for image in 0..<batch { sum += dy[(image * outputs + output) * places + place] * x[image * inputCount + pixel] } }
              dw[(place * outputs + output) * depth + k] = sum
            }
          }
        }
      }
    }
  }
}

/// dx[n, q] = Σ of w[p, o, k] · dy[n, o, p] over all outputs o and all places p whose patch has the pixel q at k: the gradient by x.
public func locallyConnectedDataGradient(
  _ dy: Span<Float>, batch: Int, geometry: PatchGeometry, depth: Int, places: Int, outputs: Int, weights: Span<Float>, into dx: inout MutableSpan<Float>,
  on processor: Processor
) {
  precondition(weights.count == places * outputs * depth && dy.count == batch * outputs * places)
  let inputCount = dx.count / max(1, batch)
  dy.withUnsafeBufferPointer { dy in
    weights.withUnsafeBufferPointer { weights in
      dx.withUnsafeMutableBufferPointer { dx in
        guard let dx = dx.baseAddress else { return }
        processor.threads.forEach(batch, (geometry, dy, weights, dx, inputCount, places, outputs, depth)) { work, _, image in
          let (geometry, dy, weights, dx, inputCount, places, outputs, depth) = work
          let target = dx + image * inputCount
          target.update(repeating: 0, count: inputCount)
          for place in 0..<places {
            for k in 0..<depth {
              guard let pixel = geometry.pixel(of: k, at: place) else { continue }
              var sum: Float = 0
              for output in 0..<outputs { sum += weights[(place * outputs + output) * depth + k] * dy[(image * outputs + output) * places + place] }
              target[pixel] += sum
            }
          }
        }
      }
    }
  }
}

extension PatchGeometry {
  /// Where element k of the patch at a place lies in a picture of plain maps; nil outside of it.
  fileprivate func pixel(of k: Int, at place: Int) -> Int? {
    let window = kernelHeight * kernelWidth, row = place / outputWidth * stride - top + k % window / kernelWidth
    let column = place % outputWidth * stride - left + k % kernelWidth
    guard row >= 0, row < inputHeight, column >= 0, column < inputWidth else { return nil }
    return (k / window * inputHeight + row) * inputWidth + column
  }
}
