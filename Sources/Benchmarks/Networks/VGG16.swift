import Graphs

extension BenchmarkNetwork {
  /// The convolutions of VGG-16 and the poolings between them (Simonyan & Zisserman 2015): torchvision's `vgg16().features[:30]`.
  static let vgg16 = BenchmarkNetwork("vgg16", "VGG-16 to its last convolution, 1×3×224×224") { b in
    try vgg(&b, size: 224, blocks: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]])
  }

  /// VGG-16 as far as style transfer looks (Gatys et al. 2016): to relu4_3.
  package static let vgg16ToFourthBlock = BenchmarkNetwork("vgg16 to relu4_3", "VGG-16 to relu4_3, 1×3×256×256") { b in
    try vgg(&b, size: 256, blocks: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512]])
  }
}

/// Blocks of 3×3 convolutions with ReLU, a 2×2 pooling between blocks.
private func vgg(_ b: inout NetworkBuilder, size: Int, blocks: [[Int]]) throws(ShapeError) -> Graph {
  var x = b.input([1, 3, size, size])
  for (index, block) in blocks.enumerated() {
    if index > 0 { x = try b.maxPooling(x, size: 2, stride: 2) }
    for channels in block { x = try b.activate(.relu, try b.convolution(x, channels, size: 3)) }
  }
  return b.finished(x)
}
