import Graphs
import Kernels
import Tensors
import Testing

@Suite struct ResizeTests {
  /// What PyTorch 2.15 gives for
  ///
  ///     x = (torch.arange(12) * 7 % 12).float().reshape(1, 1, 3, 4)
  ///     torch.nn.functional.interpolate(x, size=size, mode=mode, align_corners=align_corners)
  private static let cases: [(size: (Int, Int), ResizePlan.Interpolation, ResizePlan.Coordinates, [Float])] = [
    // mode="bilinear", align_corners=False
    (
      (5, 6), .bilinear, .halfPixel,
      [
        0.0, 3.5, 6.16667, 2.83333, 5.5, 9.0, 1.6, 5.1, 7.76667, 4.43333, 4.7, 5.8, 4.0, 7.5, 10.16667, 6.83333, 3.5, 1.0, 6.4, 6.3, 6.56667, 8.03333,
        5.9, 3.4, 8.0, 5.5, 4.16667, 8.83333, 7.5, 5.0,
      ]
    ),
    ((2, 3), .bilinear, .halfPixel, [2.16667, 5.5, 6.33333, 6.66667, 7.0, 4.83333]),
    // mode="bilinear", align_corners=True
    (
      (5, 6), .bilinear, .alignCorners,
      [
        0.0, 4.2, 6.0, 3.0, 4.8, 9.0, 2.0, 6.2, 8.0, 5.0, 4.4, 5.0, 4.0, 8.2, 10.0, 7.0, 4.0, 1.0, 6.0, 6.6, 7.2, 7.8, 6.0, 3.0, 8.0, 5.0, 4.4, 8.6,
        8.0, 5.0,
      ]
    ),
    ((2, 3), .bilinear, .alignCorners, [0.0, 4.5, 9.0, 8.0, 6.5, 5.0]),
    // mode="nearest"
    (
      (5, 6), .nearest(.floor), .asymmetric,
      [0, 0, 7, 2, 2, 9, 0, 0, 7, 2, 2, 9, 4, 4, 11, 6, 6, 1, 4, 4, 11, 6, 6, 1, 8, 8, 3, 10, 10, 5]
    ),
    ((2, 3), .nearest(.floor), .asymmetric, [0, 7, 2, 4, 11, 6]),
    // mode="nearest-exact"
    (
      (5, 6), .nearest(.roundPreferCeil), .halfPixel,
      [0, 7, 7, 2, 9, 9, 0, 7, 7, 2, 9, 9, 4, 11, 11, 6, 1, 1, 8, 3, 3, 10, 5, 5, 8, 3, 3, 10, 5, 5]
    ),
    ((2, 3), .nearest(.roundPreferCeil), .halfPixel, [0, 2, 9, 8, 10, 5]),
  ]

  @Test(arguments: Processor.supportedKernels.indices) func asPyTorch(table: Int) throws {
    let kernels = Processor.supportedKernels[table]
    for (size, interpolation, coordinates, expected) in Self.cases {
      var graph = Graph()
      let x = graph.input("x", [1, 1, 3, 4])
      graph.outputs = [try graph.append(Resize2D(height: size.0, width: size.1, interpolation, coordinates: coordinates), [x])]
      let y = Program(graph, processor: Processor(kernels: kernels, threadCount: 2)).run([Tensor([1, 1, 3, 4], (0..<12).map { Float($0 * 7 % 12) })])[0]
      #expect(y.shape == [1, 1, size.0, size.1])
      let isClose = expected.indices.allSatisfy { abs(y.span[$0] - expected[$0]) < 1e-5 }
      #expect(isClose, "\(kernels.name) \(interpolation) \(coordinates) to \(size): \(y.elements)")
    }
  }

  @Test func onePixelAndWrongSizes() throws {
    var graph = Graph()
    let x = graph.input("x", [1, 2, 3, 3])
    graph.outputs = [try graph.append(Resize2D(height: 1, width: 1, .bilinear, coordinates: .alignCorners), [x])]
    #expect(Program(graph, processor: Processor(threadCount: 1)).run([Tensor([1, 2, 3, 3], (0..<18).map(Float.init))])[0].elements == [0, 9])
    var other = graph
    #expect(throws: ShapeError.self) { try other.append(Resize2D(height: 0, width: 1, .bilinear), [x]) }
  }
}
