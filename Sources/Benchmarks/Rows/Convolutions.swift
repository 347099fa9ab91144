import Graphs

extension Benchmark {
  /// Convolutions of the shapes that the networks of the speed table have.
  static let convolutions: [Benchmark] = [
    convolution(7, stride: 2, 3, to: 64, at: 224),
    convolution(3, 3, to: 16, at: 416),
    convolution(3, stride: 2, 3, to: 32, at: 224),
    convolution(3, 64, to: 64, at: 224),
    convolution(3, 256, to: 256, at: 56),
    convolution(3, 512, to: 512, at: 14),
    convolution(3, 512, to: 1024, at: 13),
    convolution(3, 512, to: 512, at: 7),
    convolution(3, stride: 2, 128, to: 128, at: 56),
    convolution(1, 64, to: 256, at: 56),
    convolution(1, 1024, to: 256, at: 14),
    convolution(1, 160, to: 960, at: 7),
    convolution(1, stride: 2, 512, to: 1024, at: 28),
    depthwise(96, at: 112, stride: 2),
    depthwise(144, at: 56),
    depthwise(960, at: 7),
    // The first layer of trigger-infer: along time, 101 frequencies as channels.
    Benchmark("convolution 1×15/4 101→196 1×5511", on: [1, 101, 1, 5511]) { b, x in
      let w = b.weights("weight", [196, 101, 1, 15], depth: 101 * 15, gain: 1)
      return try b.graph.append(Convolution2D(stride: 4), [x, w], name: "convolution")
    },
  ]

  private static func convolution(_ size: Int, stride: Int = 1, _ channels: Int, to outputs: Int, at side: Int) -> Benchmark {
    Benchmark("convolution \(size)×\(size)\(stride == 1 ? "" : "/\(stride)") \(channels)→\(outputs) \(side)×\(side)", on: [1, channels, side, side]) {
      b, x in try b.activate(.relu, try b.convolution(x, outputs, size: size, stride: stride))
    }
  }

  private static func depthwise(_ channels: Int, at side: Int, stride: Int = 1) -> Benchmark {
    Benchmark("depthwise 3×3\(stride == 1 ? "" : "/\(stride)") \(channels) \(side)×\(side)", on: [1, channels, side, side]) {
      b, x in try b.activate(.relu6, try b.convolution(x, channels, size: 3, stride: stride, groups: channels))
    }
  }
}
