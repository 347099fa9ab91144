import KernelTemplates

extension Reference {
  /// dx[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left] += w[o, c, u, v] · dy[n, o, i, j], and the bias of c once.
  ///
  /// Shapes as in ``convolution(_:batch:channels:outputs:groups:geometry:outputHeight:weights:bias:residual:activation:)``.
  public static func convolutionDataGradient(
    _ dy: [Float], batch: Int, channels: Int, outputs: Int, groups: Int, geometry g: PatchGeometry, outputHeight: Int, weights: [Float],
    bias: [Float]? = nil, activation: Activation = .linear
  ) -> [Float] {
    let map = g.inputHeight * g.inputWidth
    var dx = (0..<batch * channels * map).map { Double(bias?[$0 / map % channels] ?? 0) }
    forEachProduct(batch: batch, channels: channels, outputs: outputs, groups: groups, geometry: g, outputHeight: outputHeight) { x, y, weight in
      dx[x] += Double(weights[weight]) * Double(dy[y])
    }
    return dx.map { Float(activate(activation, $0)) }
  }

  /// dw[o, c, u, v] += dy[n, o, i, j] · x[n, c, i·stride + u·dilation − top, j·stride + v·dilation − left]
  public static func convolutionWeightGradient(
    _ x: [Float], dy: [Float], batch: Int, channels: Int, outputs: Int, groups: Int, geometry g: PatchGeometry, outputHeight: Int
  ) -> [Float] {
    var dw = [Double](repeating: 0, count: outputs * channels / groups * g.kernelHeight * g.kernelWidth)
    forEachProduct(
      batch: batch, channels: channels, outputs: outputs, groups: groups, geometry: g, outputHeight: outputHeight
    ) { xIndex, yIndex, weight in dw[weight] += Double(dy[yIndex]) * Double(x[xIndex]) }
    return dw.map(Float.init)
  }

  /// Calls `body` with the places of x, y and w in each product that a convolution sums.
  private static func forEachProduct(
    batch: Int, channels: Int, outputs: Int, groups: Int, geometry g: PatchGeometry, outputHeight: Int, _ body: (Int, Int, Int) -> Void
  ) {
    let groupChannels = channels / groups, groupOutputs = outputs / groups
    for n in 0..<batch {
      for o in 0..<outputs {
        for i in 0..<outputHeight {
          for j in 0..<g.outputWidth {
            for c in 0..<groupChannels {
              for u in 0..<g.kernelHeight {
                for v in 0..<g.kernelWidth {
                  let row = i * g.stride + u * g.dilation - g.top, column = j * g.stride + v * g.dilation - g.left
                  guard (0..<g.inputHeight).contains(row), (0..<g.inputWidth).contains(column) else { continue }
                  let channel = o / groupOutputs * groupChannels + c
                  body(
                    ((n * channels + channel) * g.inputHeight + row) * g.inputWidth + column, ((n * outputs + o) * outputHeight + i) * g.outputWidth + j,
                    ((o * groupChannels + c) * g.kernelHeight + u) * g.kernelWidth + v)
                }
              }
            }
          }
        }
      }
    }
  }
}
