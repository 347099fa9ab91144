import Graphs

extension BenchmarkNetwork {
  /// A detector of a spoken word in ten seconds of sound: a convolution along time over 101 frequencies, two GRUs, and
  /// a number for each of 1375 steps.
  static let triggerWord = BenchmarkNetwork("trigger-infer", "trigger word detector with two GRUs, 1×101×5511") { b in
    var x = try b.normalizedAlongTime(b.input([1, 101, 1, 5511]), 196, size: 15, stride: 4)
    for _ in 0..<2 { x = try b.gru(x, units: 128) }
    let steps = try b.graph.append(Reshape([1375, 128]), [x])
    return b.finished(try b.linear(steps, to: 1))
  }
}
