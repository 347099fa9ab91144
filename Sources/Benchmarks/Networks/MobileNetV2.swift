import Graphs

extension BenchmarkNetwork {
  /// MobileNet-v2 (Sandler et al. 2018) of width 1, as torchvision's `mobilenet_v2()`.
  static let mobileNetV2 = BenchmarkNetwork("mobilenet-v2", "MobileNet-v2, 1×3×224×224") { b in
    var x = try b.normalized(b.input([1, 3, 224, 224]), 32, size: 3, stride: 2, .relu6), channels = 32
    // Table 2 of the paper: expansion, channels, repetitions, stride.
    for (expansion, outputs, count, stride) in [
      (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ] {
      for index in 0..<count {
        x = try invertedResidual(&b, x, channels: channels, outputs, expansion: expansion, stride: index == 0 ? stride : 1)
        channels = outputs
      }
    }
    x = try b.normalized(x, 1280, size: 1, .relu6)
    return b.finished(try b.classifier(x, classes: 1000))
  }
}

/// 1×1 to `expansion` times the channels, 3×3 on each map by itself, 1×1 without activation; plus x where the shape is the same.
private func invertedResidual(
  _ b: inout NetworkBuilder, _ x: Graph.Index, channels: Int, _ outputs: Int, expansion: Int, stride: Int
) throws(ShapeError) -> Graph.Index {
  let width = channels * expansion
  var y = expansion == 1 ? x : try b.normalized(x, width, size: 1, .relu6)
  y = try b.normalized(y, width, size: 3, stride: stride, groups: width, .relu6)
  y = try b.normalized(y, outputs, size: 1, .linear)
  return stride == 1 && channels == outputs ? try b.add(x, y) : y
}
