import Graphs

extension BenchmarkNetwork {
  /// The convolutional part of YOLOv3-tiny (Redmon & Farhadi 2018) for 80 classes on a picture of 416×416: two maps of 255 channels, not decoded to boxes.
  static let yoloTiny = BenchmarkNetwork("yolov3-tiny", "YOLOv3-tiny, 1×3×416×416, without decoding boxes") { b in
    var x = b.input([1, 3, 416, 416])
    for channels in [16, 32, 64, 128] {
      x = try b.normalized(x, channels, size: 3, .leaky(slope: 0.1))
      x = try b.maxPooling(x, size: 2, stride: 2)
    }
    let route = try b.normalized(x, 256, size: 3, .leaky(slope: 0.1))
    x = try b.maxPooling(route, size: 2, stride: 2)
    x = try b.normalized(x, 512, size: 3, .leaky(slope: 0.1))
    x = try b.maxPooling(x, size: 2, stride: 1, padding: Padding(bottom: 1, right: 1))
    x = try b.normalized(x, 1024, size: 3, .leaky(slope: 0.1))
    let trunk = try b.normalized(x, 256, size: 1, .leaky(slope: 0.1))

    x = try b.normalized(trunk, 512, size: 3, .leaky(slope: 0.1))
    let coarse = try b.convolution(x, 255, size: 1, gain: 1)

    x = try b.normalized(trunk, 128, size: 1, .leaky(slope: 0.1))
    x = try b.concatenate(try b.upsample(x, by: 2), route)
    x = try b.normalized(x, 256, size: 3, .leaky(slope: 0.1))
    return b.finished(coarse, try b.convolution(x, 255, size: 1, gain: 1))
  }
}
