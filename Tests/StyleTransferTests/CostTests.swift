import Learning
import StyleTransfer
import Tensors
import Testing

/// The course's exercises on style transfer, at their own tolerances.
@Suite(.enabled(if: hasShared, "needs ../shared")) struct CostTests {
  private struct Case {
    let inputs, expected: [String: Any]
    let relative, absolute: Float

    init(_ id: String) throws {
      let found = try courseCase(id)
      inputs = try #require(found["inputs"] as? [String: Any])
      expected = try #require(found["expected"] as? [String: Any])
      relative = Float(try #require(found["rtol"] as? Double))
      absolute = Float(try #require(found["atol"] as? Double))
    }

    func expect(_ found: [Float], _ name: String) {
      let wanted = numbers(expected[name] is [Any] ? expected[name] : [expected[name] as Any])
      #expect(found.count == wanted.count && !wanted.isEmpty)
      for (a, b) in zip(found, wanted) { #expect(abs(a - b) <= absolute + relative * abs(b), "\(a), expected \(b)") }
    }

    /// [1, height, width, channels] as maps.
    func maps(_ name: String) throws -> Tensor {
      let batch = try #require(inputs[name] as? [[[[Double]]]]), rows = batch[0]
      let height = rows.count, width = rows[0].count, channels = rows[0][0].count
      var result = Tensor([1, channels, height, width])
      for y in 0..<height { for x in 0..<width { for c in 0..<channels { result[0, c, y, x] = Float(rows[y][x][c]) } } }
      return result
    }
  }

  /// The values of nodes that are made of constants.
  private func value(_ values: Tensor..., body: ([Node]) -> Node) -> [Float] {
    let recorder = Recorder(), nodes = values.enumerated().map { recorder.input("\($0.offset)", $0.element.shape) }
    return recorder.graph(returning: [body(nodes)]).compiled().run(values)[0].elements
  }

  @Test func contentCostIsTheCourses() throws {
    let test = try Case("c4w4_content_cost")
    test.expect(value(try test.maps("a_G"), try test.maps("a_C")) { contentCost($0[0], $0[1]) }, try #require(test.expected.keys.first))
  }

  @Test func gramMatrixIsTheCourses() throws {
    let test = try Case("c4w4_gram_matrix"), rows = try #require(test.inputs["A"] as? [[Double]])
    test.expect(value(Tensor([1, rows.count, 1, rows[0].count], rows.flatMap { $0.map { Float($0) } })) { gramMatrix($0[0]) }, "GA")
  }

  @Test func layerStyleCostIsTheCourses() throws {
    let test = try Case("c4w4_layer_style_cost"), style = try test.maps("a_S")
    let found = value(try test.maps("a_G"), style) { nodes in
      layerStyleCost(nodes[0], target: gramMatrix(nodes[1]) * (1 / Float(style.shape[2] * style.shape[3])))
    }
    test.expect(found, try #require(test.expected.keys.first))
  }

  @Test func totalCostIsTheCourses() throws {
    let test = try Case("c4w4_total_cost"), cases = try #require(test.inputs["cases"] as? [[Double]])
    let found = cases.flatMap { row in
      value(Tensor([1], [Float(row[0])]), Tensor([1], [Float(row[1])])) {
        totalStyleCost(content: $0[0], style: $0[1], contentWeight: Float(row[2]), styleWeight: Float(row[3]))
      }
    }
    test.expect(found, "J")
  }
}
