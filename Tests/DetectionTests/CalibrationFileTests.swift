import Detection
import Graphs
import Kernels
import Tensors
import Testing

@Suite struct CalibrationFileTests {
  private func graph(bias: Float = 0.5, name: String = "layer 1") throws -> Graph {
    var graph = Graph()
    let x = graph.input("image", [1, 3, 4, 4])
    let w = graph.constant("w", Tensor([2, 3, 1, 1], repeating: 1)), b = graph.constant("b", Tensor([2], repeating: bias))
    graph.outputs = [try graph.append(Convolution2D(), [x, w, b], name: name)]
    return graph
  }

  private func file() throws -> CalibrationFile {
    CalibrationFile(
      path: "x.json", model: "a \"model\" \\ of\nmine", pictures: 3, graph: try graph(),
      calibration: Calibration(ranges: ["layer 1": .init(lower: -0.1, upper: 1e-6), "b\u{1}": .init(lower: 0, upper: 12_345.678)]))
  }

  @Test func whatIsWrittenIsRead() throws {
    let file = try file()
    #expect(try CalibrationFile(json: Array(file.json.utf8), path: "x.json") == file)
  }

  @Test func filesOfOtherWeightsDiffer() throws {
    func fingerprint(_ graph: Graph) -> String {
      CalibrationFile(path: "", model: "", pictures: 1, graph: graph, calibration: Calibration()).fingerprint
    }
    let first = fingerprint(try graph())
    #expect(try first == fingerprint(graph()) && first.count == 16)
    #expect(try first != fingerprint(graph(bias: 0.25)) && first != fingerprint(graph(name: "layer 2")))
  }

  @Test func theDefaultLiesBesideTheWeights() {
    #expect(CalibrationFile.defaultPath(weights: "a/x.weights") == "a/x.int8.json" && CalibrationFile.defaultPath(weights: "x") == "x.int8.json")
  }

  @Test func badFilesAreErrorsThatSayWhere() throws {
    let good = try file().json
    for (bad, expected) in [
      ("", "x.json"), ("[]", "object"), (good.replacing("percept.quantize/1", with: "percept.quantize/9"), "percept.quantize/9"),
      (good.replacing("\"pictures\": 3,", with: ""), "pictures"), (good.replacing("\"lower\": -0.1", with: "\"lower\": 7"), "lower"),
      (good.replacing("\"lower\": -0.1", with: "\"lower\": -1e300"), "lower"), (good.replacing("\"name\": \"layer 1\",", with: ""), "name"),
      (String(good.dropLast(20)), "x.json"), ("{}", "schema is missing"),
    ] {
      let error = #expect(throws: DetectionError.self) { try CalibrationFile(json: Array(bad.utf8), path: "x.json") }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "no error") for \(expected)")
    }
    #expect(throws: DetectionError.self) { try CalibrationFile(path: "/nowhere/x.json") }
  }
}
