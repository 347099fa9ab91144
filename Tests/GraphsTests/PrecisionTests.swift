import Graphs
import Kernels
import Tensors
import Testing

@Suite struct PrecisionTests {
  /// A stem of two channels, so few that its input is plain on every table, 1×1, 3×3 of stride 2 and 1, a sum, a pooling, and a kernel for each
  /// channel.
  private func network() throws -> Graph {
    var random = RandomNumbers(seed: 5), graph = Graph()
    func conv(_ x: Int, _ outputs: Int, _ size: Int, stride: Int = 1, groups: Int = 1, _ activation: Activation, _ name: String) throws -> Int {
      let channels = graph[x].shape[1] / groups
      let deviation = (2 / Float(channels * size * size)).squareRoot()
      let w = graph.constant("\(name).w", Tensor([outputs, channels, size, size], normalWith: deviation, using: &random))
      let b = graph.constant("\(name).b", Tensor([outputs], normalWith: 0.1, using: &random))
      let y = try graph.append(Convolution2D(stride: stride, padding: .all(size / 2), groups: groups), [x, w, b], name: name)
      return activation == .linear ? y : try graph.append(Activate(activation), [y])
    }
    let x = graph.input("image", [1, 2, 32, 36])
    let stem = try conv(x, 32, 3, .leaky(slope: 0.1), "stem")
    let left = try conv(try conv(stem, 48, 1, .relu, "narrow"), 32, 3, .linear, "wide")
    let sum = try graph.append(Activate(.relu), [try graph.append(Add(), [left, stem])])
    let half = try conv(sum, 40, 3, stride: 2, .leaky(slope: 0.1), "half")
    let pooled = try graph.append(Pooling2D(.max, size: 2, stride: 2), [try conv(half, 40, 1, .relu, "before pooling")])
    graph.outputs = [try conv(try conv(pooled, 40, 3, groups: 40, .relu6, "depthwise"), 20, 1, .linear, "last")]
    return graph
  }

  private func image() -> Tensor {
    var random = RandomNumbers(seed: 3)
    return Tensor([1, 2, 32, 36], uniformIn: 0..<1, using: &random)
  }

  /// max |a − b| / max |b|
  private func difference(_ a: Tensor, _ b: Tensor) -> Float {
    let a = a.span, b = b.span
    var difference: Float = 0, largest: Float = 0
    for index in b.indices {
      difference = max(difference, abs(a[index] - b[index]))
      largest = max(largest, abs(b[index]))
    }
    return difference / largest
  }

  private func details(_ program: Program) -> [String: String] {
    Dictionary(uniqueKeysWithValues: program.steps.filter { $0.operation == "convolution" }.map { ($0.node, $0.detail) })
  }

  @Test func resultsAreCloseToThoseOfFloats() throws {
    let graph = try network(), x = image()
    for kernels in Processor.supportedKernels {
      let processor = Processor(kernels: kernels, threadCount: 2)
      let exact = graph.compiled(for: processor).run([x])[0]
      var calibrator = Calibrator(graph, processor: processor)
      calibrator.observe([x])
      for (precision, bound) in [(Precision.bfloat16, Float(0.02)), (.int8(calibrator.calibration), 0.06)] {
        let error = difference(graph.compiled(for: processor, precision: precision).run([x])[0], exact)
        #expect(error > 0 && error < bound, "\(kernels.name): \(error)")
      }
    }
  }

  @Test func convolutionsThatCanTakeSmallNumbersDo() throws {
    let graph = try network(), processor = Processor(threadCount: 1)
    var calibrator = Calibrator(graph, processor: processor)
    calibrator.observe([image()])
    let bytes = details(graph.compiled(for: processor, precision: .int8(calibrator.calibration)))
    #expect(bytes["stem"] == "direct" && bytes["depthwise"] == "depthwise")
    #expect(bytes["narrow"] == "int8" && bytes["wide"] == "int8, sum" && bytes["half"] == "int8" && bytes["before pooling"] == "int8, pooling")
    let halves = details(graph.compiled(for: processor, precision: .bfloat16))
    #expect(halves["narrow"]?.hasPrefix("bf16") == true && halves["half"]?.hasPrefix("bf16") == true && halves["stem"] == "direct")
    #expect(halves["wide"]?.hasPrefix("winograd") == true, "floats and fewer multiplications are faster")
  }

  @Test func theCalibratorNotesTheLeastAndTheGreatest() throws {
    let graph = try network(), x = image()
    var calibrator = Calibrator(graph, processor: Processor(threadCount: 1))
    calibrator.observe([x])
    let once = calibrator.calibration
    #expect(once.fits(graph) && once.ranges.count == 7)
    var least = Float.infinity, greatest = -Float.infinity
    let span = x.span
    for index in span.indices { (least, greatest) = (min(least, span[index]), max(greatest, span[index])) }
    #expect(once.ranges["stem"] == Calibration.Range(lower: 0, upper: greatest) && least > 0, "zero belongs to every range")
    #expect(once.ranges["narrow"]!.lower < 0 && once.ranges["half"]!.lower == 0)

    var brighter = x
    brighter.withMutableSpan { span in for index in span.indices { span[index] *= 2 } }
    calibrator.observe([brighter])
    #expect(calibrator.calibration.ranges["stem"]!.upper == 2 * greatest)
    calibrator.observe([x])
    #expect(calibrator.calibration.ranges["stem"]!.upper == 2 * greatest, "ranges do not shrink")

    var other = once
    other.ranges["more"] = Calibration.Range(lower: 0, upper: 1)
    #expect(!other.fits(graph) && !Calibration().fits(graph))
  }

  @Test func fewNumbersFarOutDoNotWidenARange() throws {
    var graph = Graph()
    let x = graph.input("image", [1, 1, 400, 500]), w = graph.constant("w", Tensor([1, 1, 1, 1], repeating: 1))
    graph.outputs = [try graph.append(Convolution2D(), [x, w], name: "conv")]
    var random = RandomNumbers(seed: 3)
    for (count, isCounted) in [(1, false), (3, false), (30, true)] {
      var image = Tensor([1, 1, 400, 500], uniformIn: -1..<1, using: &random)
      image.withMutableSpan { span in
        for index in 0..<count { span[1_000 * index] = 50 }
        span[7] = .nan
        span[8] = .infinity
      }
      var calibrator = Calibrator(graph, processor: Processor(threadCount: 1))
      calibrator.observe([image])
      let range = try #require(calibrator.calibration.ranges["conv"])
      #expect(isCounted ? range.upper == 50 : range.upper < 1.1, "\(count): \(range)")
      #expect(range.lower > -1.1 && range.lower < -0.9)
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let graph = try network(), x = image()
    var calibrator = Calibrator(graph)
    calibrator.observe([x])
    for precision in [Precision.bfloat16, .int8(calibrator.calibration)] {
      func bits(_ threads: Int) -> [UInt32] {
        let y = graph.compiled(for: Processor(threadCount: threads), precision: precision).run([x])[0], span = y.span
        return span.indices.map { span[$0].bitPattern }
      }
      let alone = bits(1)
      for threads in [2, 3, 7] { #expect(bits(threads) == alone, "\(threads) threads") }
    }
  }
}
