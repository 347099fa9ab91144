import Kernels
import Tensors
import Testing

import Graphs

/// The choice of algorithms by measured times.
@Suite struct TuningTests {
  private let processor = Processor(threadCount: 2)
  private let graph: Graph
  private let picture: Tensor

  init() throws {
    var random = RandomNumbers(seed: 3), graph = Graph()
    let x = graph.input("image", [1, 32, 14, 14]), w = graph.constant("w", Tensor([32, 32, 3, 3], normalWith: 0.06, using: &random))
    let first = try graph.append(Convolution2D(padding: .all(1), activation: .relu), [x, w], name: "first")
    graph.outputs = [try graph.append(Convolution2D(stride: 2, padding: .all(1)), [first, w], name: "second")]
    self.graph = graph
    picture = Tensor([1, 32, 14, 14], uniformIn: -1..<1, using: &random)
  }

  private func compiled(_ tuning: ConvolutionTuning?, largeTiles: Bool = false, precision: Precision = .float32) -> Program {
    var preparation = Preparation.thorough
    preparation.tuning = tuning
    preparation.allowsLargeTiles = largeTiles
    return graph.compiled(for: processor, preparation: preparation, precision: precision)
  }

  private func details(_ program: Program) -> [String] { program.steps.filter { $0.operation == "convolution" }.map(\.detail) }

  /// The same times, but one algorithm is said to take none.
  private func withFastest(_ name: String, _ tuning: ConvolutionTuning) throws -> ConvolutionTuning {
    let lines = tuning.text.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t")
      return "\(fields[0])\t\(fields[1])\t\(fields[1] == name ? "0.0" : fields[2])\n"
    }
    return try #require(ConvolutionTuning(lines.joined()))
  }

  @Test func everyAlgorithmOfAConvolutionWithAChoiceIsTimedOnce() {
    let tuning = ConvolutionTuning()
    #expect(details(compiled(tuning)).count == 2 && tuning.measuredCount == 1)  // one of stride 2 has no choice
    let names = tuning.text.split(separator: "\n").map { $0.split(separator: "\t")[1] }
    #expect(names == ["direct", "winograd F(2×2)", "winograd F(2×2) by outputs", "winograd F(4×4)", "winograd F(4×4) by outputs"])
    let text = tuning.text
    _ = compiled(tuning)
    #expect(tuning.text == text)
    _ = compiled(tuning, largeTiles: true)  // only what is new
    #expect(tuning.text.split(separator: "\n").count == 7 && text.split(separator: "\n").allSatisfy { tuning.text.contains($0) })
  }

  @Test func theFastestIsTaken() throws {
    let tuning = ConvolutionTuning()
    let expected = compiled(nil).run([picture])[0], all = compiled(tuning, largeTiles: true)
    #expect(all.steps.contains { $0.operation == "convolution" && $0.detail == "direct" })
    for algorithm in ConvolutionAlgorithm.all where algorithm != .depthwise {
      let known = try withFastest(algorithm.description, tuning), program = compiled(known, largeTiles: true)
      #expect(details(program) == ["\(algorithm)", "direct"] && known.measuredCount == 0)
      let difference = zip(program.run([picture])[0].elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference < 3e-5)
      if case .winograd(size: 6, _) = algorithm { #expect(!details(compiled(known))[0].contains("F(6×6)"), "F(6×6) is taken only where it is allowed") }
    }
  }

  @Test func bytesHaveNoChoice() {
    let tuning = ConvolutionTuning(), range = Calibration.Range(lower: -1, upper: 1)
    let program = compiled(tuning, precision: .int8(Calibration(ranges: ["first": range, "second": range])))
    #expect(tuning.measuredCount == 0 && tuning.text.isEmpty && details(program).allSatisfy { $0.contains("int8") })
  }

  @Test func timesAreReadAsTheyWereWritten() throws {
    let tuning = ConvolutionTuning()
    _ = compiled(tuning)
    #expect(try #require(ConvolutionTuning(tuning.text)).text == tuning.text)
    #expect(ConvolutionTuning("")?.text == "")
    for bad in ["convolution\tdirect", "convolution\tguessed\t3", "convolution\tdirect\tfast", "convolution\tdirect\t-1", "convolution\tdirect\tnan"] {
      #expect(ConvolutionTuning(bad) == nil, "\(bad)")
    }
  }
}
