import CAllocations
import Foundation
import Graphs
import Kernels
import Tensors
import Testing

/// GRU and LSTM against PyTorch: Fixtures/make-recurrent-fixtures.py.
@Suite struct RecurrentTests {
  struct File: Decodable { let cases: [Case] }

  struct Case: Decodable, CustomTestStringConvertible {
    let cell: String
    let bidirectional, batchFirst, initial: Bool
    let lengths: [Float]?
    let shapes: [[Int]]
    let inputs, gradients, results, resultGradients: [[Float]]

    var testDescription: String { "\(cell), both directions \(bidirectional), batch first \(batchFirst), initial state \(initial), lengths \(lengths ?? [])" }

    var layer: Recurrent {
      Recurrent(
        cell == "gru" ? .gru : .lstm, directions: bidirectional ? .both : .forward, isBatchFirst: batchFirst, hasInitialState: initial,
        hasLengths: lengths != nil)
    }

    var tensors: [Tensor] {
      zip(shapes, inputs).map { Tensor(Shape($0), $1) } + (lengths.map { [Tensor([$0.count], $0)] } ?? [])
    }
  }

  static let cases: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/recurrent.json")
    return try! JSONDecoder().decode(File.self, from: Data(contentsOf: file)).cases
  }()

  private func expectClose(_ found: Tensor, _ expected: [Float], _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    for (a, b) in zip(found.elements, expected) where abs(a - b) > 1e-5 * (1 + abs(b)) {
      Issue.record("\(what): found \(a), expected \(b)")
      return
    }
  }

  @Test(arguments: cases) func resultsEqualThoseOfPyTorch(test: Case) throws {
    for kernels in Processor.supportedKernels {
      for areConstants in [false, true] {
        var layer = test.layer, graph = Graph()
        let tensors = test.tensors
        let nodes = tensors.indices.map {
          areConstants && $0 > 0 ? graph.constant("\($0)", tensors[$0]) : graph.input("\($0)", tensors[$0].shape)
        }
        let sequence = try graph.append(layer, nodes)
        layer.result = .states
        let all = try graph.append(layer, nodes), parts = layer.parts(of: tensors.map(\.shape))
        graph.outputs = [sequence, try graph.append(parts.output, [all]), try graph.append(parts.state, [all])]
        if layer.cell == .lstm { graph.outputs.append(try graph.append(parts.cells, [all])) }
        let found = Program(graph, processor: Processor(kernels: kernels, threadCount: 2)).run(areConstants ? [tensors[0]] : tensors)
        for (name, tensor, values) in zip3(["sequence", "state", "cells"], Array(found.dropFirst()), test.results) {
          expectClose(tensor, values, "\(kernels.name) \(name)")
        }
        #expect(found[0] == found[1])
      }
    }
  }

  @Test(arguments: cases) func gradientsEqualThoseOfPyTorch(test: Case) throws {
    for kernels in Processor.supportedKernels {
      var layer = test.layer, graph = Graph()
      layer.result = .training
      let tensors = test.tensors, nodes = tensors.indices.map { graph.input("\($0)", tensors[$0].shape) }
      let result = try graph.append(layer, nodes), parts = layer.parts(of: tensors.map(\.shape))
      let shapes = [parts.output.shape, parts.state.shape, parts.cells.shape]
      let ofResults = test.resultGradients.indices.map { graph.input("gradient \($0)", shapes[$0]) }
      let gradient = RecurrentGradient(of: layer, hasStateGradient: true)
      let all = try graph.append(gradient, nodes + [result] + ofResults)
      let found = gradient.parts(of: tensors.map(\.shape))
      let wanted = [found.x] + found.weights.flatMap(\.self) + (test.initial ? [found.state, found.cells] : [])
      graph.outputs = try wanted.filter { !$0.range.isEmpty }.map { try graph.append($0, [all]) }
      let values = Program(graph, processor: Processor(kernels: kernels, threadCount: 2)).run(
        tensors + zip(shapes, test.resultGradients).map { Tensor($0, $1) })
      #expect(values.count == test.gradients.count)
      for (index, (value, expected)) in zip(values, test.gradients).enumerated() {
        #expect(value.shape == tensors[index].shape)
        expectClose(value, expected, "\(kernels.name) gradient of input \(index)")
      }
    }
  }

  @Test func wrongShapesAreErrors() throws {
    let shapes: [Shape] = [[2, 5, 3], [12, 3], [12, 4], [12], [12]]
    #expect(try Recurrent(.gru).shape(of: shapes) == [2, 5, 4])
    #expect(try Recurrent(.gru, isBatchFirst: false).shape(of: shapes) == [2, 5, 4])
    #expect(throws: ShapeError.self) { try Recurrent(.lstm).shape(of: shapes) }
    #expect(throws: ShapeError.self) { try Recurrent(.gru, hasLengths: true).shape(of: shapes) }
    #expect(throws: ShapeError.self) { try Recurrent(.gru, hasLengths: true).shape(of: shapes + [[5]]) }
    #expect(throws: ShapeError.self) { try Recurrent(.gru, hasInitialState: true).shape(of: shapes + [[1, 5, 4]]) }
    #expect(throws: ShapeError.self) { try Recurrent(.gru, directions: .both).shape(of: shapes) }
    #expect(throws: ShapeError.self) { try Recurrent(.gru).shape(of: [[2, 5]] + shapes.dropFirst()) }
    #expect(throws: ShapeError.self) { try RecurrentGradient(of: Recurrent(.gru)).shape(of: shapes + [[1], [2, 5, 4]]) }
    #expect(throws: ShapeError.self) { try Part(from: 3, [4]).shape(of: [[6]]) }
  }

  @Test(arguments: [1, 3]) func trainingAllocatesNothing(threads: Int) throws {
    var random = RandomNumbers(seed: 2), graph = Graph()
    let shapes: [Shape] = [[3, 6, 5], [80, 5], [80, 20], [80], [80]]
    let nodes = shapes.map { graph.constant("", Tensor($0, normalWith: 0.2, using: &random)) }
    let x = graph.input("x", shapes[0])
    let layer = Recurrent(.lstm, result: .training), inputs = [x] + nodes.dropFirst()
    let result = try graph.append(layer, inputs)
    let output = try graph.append(layer.parts(of: shapes).output, [result])
    graph.outputs = [try graph.append(RecurrentGradient(of: layer), inputs + [result, output])]
    let arena = Arena(for: Program(graph, processor: Processor(threadCount: threads)))
    arena.run()
    #expect(fewestAllocations(ofRuns: arena) == 0)
  }

  /// Where the sequence alone is used, its gradient is handed on as it is: no zeros around it, which would be as much as all that is saved.
  @Test(arguments: [RecurrentCell.gru, .lstm]) func theGradientOfTheSequenceAloneIsNotPadded(_ cell: RecurrentCell) throws {
    func gradients(_ result: Recurrent.Result) throws -> (values: [Tensor], hasPadding: Bool) {
      var graph = Graph(), random = RandomNumbers(seed: 4)
      let gates = cell == .lstm ? 4 : 3, shapes: [Shape] = [[2, 5, 3], [gates * 4, 3], [gates * 4, 4], [gates * 4], [gates * 4]]
      let inputs = shapes.enumerated().map { graph.input("\($0.offset)", $0.element) }
      let layer = Recurrent(cell, result: result)
      var sequence = try graph.append(layer, inputs)
      if result != .sequence { sequence = try graph.append(layer.parts(of: shapes).output, [sequence]) }
      let squares = try graph.append(Elementary(.square), [sequence]), loss = try graph.append(Reduce(.sum, axes: [0, 1, 2], keepsAxes: false), [squares])
      graph.outputs = try graph.gradients(of: loss, by: inputs)
      let program = graph.compiled()
      return (program.run(shapes.map { Tensor($0, normalWith: 0.5, using: &random) }), program.steps.contains { $0.operation == "pad" })
    }
    let plain = try gradients(.sequence), parts = try gradients(.training)
    #expect(plain.values == parts.values && !parts.hasPadding)
  }
}

private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] { zip(a, zip(b, c)).map { ($0, $1.0, $1.1) } }
