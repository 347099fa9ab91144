import KernelTemplates

extension Reference {
  /// y[n, o, i, j] = b[o] + Σ_c,u,v w[o, c, u, v] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left], zeros outside x.
  ///
  /// Shapes as in ``Convolution``; the result is [batch][outputs][output height][output width].
  public static func convolution(
    _ x: [Float], batch: Int, channels: Int, outputs: Int, groups: Int, geometry g: PatchGeometry, outputHeight: Int, weights: [Float],
    bias: [Float]?, residual: [Float]? = nil, activation: Activation = .linear
  ) -> [Float] {
    let groupChannels = channels / groups, groupOutputs = outputs / groups
    var y = [Float]()
    for n in 0..<batch {
      for o in 0..<outputs {
        for i in 0..<outputHeight {
          for j in 0..<g.outputWidth {
            var sum = Double(bias?[o] ?? 0)
            for c in 0..<groupChannels {
              for u in 0..<g.kernelHeight {
                for v in 0..<g.kernelWidth {
                  let row = i * g.stride + u * g.dilation - g.top, column = j * g.stride + v * g.dilation - g.left
                  guard (0..<g.inputHeight).contains(row), (0..<g.inputWidth).contains(column) else { continue }
                  let channel = o / groupOutputs * groupChannels + c
                  let weight = weights[((o * groupChannels + c) * g.kernelHeight + u) * g.kernelWidth + v]
                  sum += Double(weight) * Double(x[((n * channels + channel) * g.inputHeight + row) * g.inputWidth + column])
                }
              }
            }
            if let residual { sum += Double(residual[y.count]) }
            y.append(Float(activate(activation, sum)))
          }
        }
      }
    }
    return y
  }
}
