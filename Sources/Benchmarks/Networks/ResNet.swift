import Graphs

extension BenchmarkNetwork {
  /// ResNet-50 (He et al. 2016) with the stride in the 3×3 convolutions, as torchvision's `resnet50()` has it.
  static let resNet50 = BenchmarkNetwork("resnet50", "ResNet-50, 1×3×224×224") { b in
    var x = try b.normalized(b.input([1, 3, 224, 224]), 64, size: 7, stride: 2, .relu)
    x = try b.maxPooling(x, size: 3, stride: 2, padding: .all(1))
    for (width, depth) in [(64, 3), (128, 4), (256, 6), (512, 3)] {
      for index in 0..<depth { x = try bottleneck(&b, x, width: width, stride: index == 0 && width > 64 ? 2 : 1, isFirst: index == 0) }
    }
    return b.finished(try b.classifier(x, classes: 1000))
  }
}

/// relu(shortcut(x) + 1×1(3×3(1×1(x)))); the shortcut is a 1×1 convolution where the shape changes, else x itself.
private func bottleneck(_ b: inout NetworkBuilder, _ x: Graph.Index, width: Int, stride: Int, isFirst: Bool) throws(ShapeError) -> Graph.Index {
  var y = try b.normalized(x, width, size: 1, .relu)
  y = try b.normalized(y, width, size: 3, stride: stride, .relu)
  y = try b.normalized(y, 4 * width, size: 1, .linear, scale: 0.5)  // or each block would add as much as there is
  let shortcut = isFirst ? try b.normalized(x, 4 * width, size: 1, stride: stride, .linear) : x
  return try b.activate(.relu, try b.add(y, shortcut))
}
