import Foundation
import Graphs
import Kernels
import Learning
import Tensors
import TestSupport
import Testing

/// The course's exercises on networks, layers and gradients. Examples are columns there and rows here.
@Suite(.enabled(if: hasShared, "needs ../shared")) struct CourseNetworkTests {
  /// One exercise.
  private struct Exercise {
    let id: String
    let json: JSON
    var inputs: JSON { json["inputs"] }
    var expected: JSON { json["expected"] }

    init(_ id: String) throws {
      self.id = id
      json = try #require(CourseCasesTests.cases[id])
    }

    /// An input, or an input's part, as it is.
    func tensor(_ path: String...) throws -> Tensor { try tensor(path) }

    private func tensor(_ path: [String]) throws -> Tensor {
      let value = path.reduce(inputs) { $0[$1] }
      return try #require(value.numbers.contains { !$0.isNaN } ? value : nil, "\(id) has no \(path)").tensor
    }

    /// A matrix of columns, turned.
    func rows(_ path: String...) throws -> Tensor { transposed(try tensor(path)) }
    func number(_ name: String) -> Float { Float(inputs[name].number) }

    /// Single precision rounds to some 1e-7 of what the terms of a sum are as large as: allowed beside the exercise's own tolerance.
    func expect(_ found: Tensor, _ name: String, of other: JSON? = nil, slack: Double = 4e-7) {
      let wanted = (other ?? expected)[name], largest = wanted.numbers.map(abs).max() ?? 0
      expectClose(
        found.elements, wanted.numbers, relative: json["rtol"].number, absolute: json["atol"].number + slack * Swift.max(largest, 0.1), "\(id), \(name)")
    }
  }

  /// Computes values that depend on nothing but constants.
  private func values(_ build: (Recorder) -> [Node]) -> [Tensor] {
    let recorder = Recorder()
    return recorder.graph(returning: build(recorder)).compiled(for: Processor(threadCount: 2)).run([])
  }

  private func value(_ build: (Recorder) -> Node) -> Tensor { values { [build($0)] }[0] }

  /// The result of a function, and the gradients of Σ result · upstream by its arguments.
  private func pullback(_ arguments: [Tensor], upstream: Tensor? = nil, _ function: ([Node]) -> Node) -> (result: Tensor, gradients: [Tensor]) {
    let recorder = Recorder(), inputs = arguments.enumerated().map { recorder.input("\($0.offset)", $0.element.shape) }, result = function(inputs)
    let loss = (upstream.map { result * recorder.constant($0) } ?? result).sum()
    let all = recorder.graph(returning: [result] + recorder.gradients(of: loss, by: inputs)).compiled(for: Processor(threadCount: 2)).run(arguments)
    return (all[0], Array(all.dropFirst()))
  }

  private func linear(_ x: Node, _ w: Node, _ b: Node) -> Node { x.applying(FullyConnected(), w, b.reshaped([b.shape.count])) }

  // MARK: Course 1

  @Test func functions() throws {
    for id in ["c1w2a1_basic_sigmoid", "c1w2a1_sigmoid", "c2w3_sigmoid"] {
      let c = try Exercise(id), name = id == "c2w3_sigmoid" ? "z" : "x"
      c.expect(value { sigmoid($0.constant(Tensor([c.inputs[name].numbers.count], c.inputs[name].floats))) }, "output")
    }
    let derivative = try Exercise("c1w2a1_sigmoid_derivative")
    derivative.expect(pullback([try derivative.tensor("x")]) { sigmoid($0[0]) }.gradients[0], "output")
    let vector = try Exercise("c1w2a1_image2vector"), image = try vector.tensor("image")
    vector.expect(value { $0.constant(image).reshaped([image.count, 1]) }, "output")
    let rows = try Exercise("c1w2a1_normalize_rows"), x = try rows.tensor("x")
    rows.expect(value { let x = $0.constant(x); return x / sqrt(square(x).sum(over: [1], keepsAxes: true)).broadcast(to: x.shape) }, "output")
    let softmax = try Exercise("c1w2a1_softmax")
    softmax.expect(value { $0.constant(try! softmax.tensor("x")).softmax(axis: 1) }, "output")
    for (id, loss) in [("c1w2a1_L1", absoluteError), ("c1w2a1_L2", squaredError)] {
      let c = try Exercise(id), y = try c.tensor("yhat"), t = try c.tensor("y")
      c.expect(value { loss($0.constant(y), $0.constant(t), nil, .sum) }, "output")
    }
  }

  @Test func logisticRegression() throws {
    let c = try Exercise("c1w2a2_propagate"), x = try c.rows("X"), y = try c.rows("Y")
    let found = pullback([try c.rows("w"), Tensor([1], [c.number("b")])]) { p in
      logisticCrossEntropy(linear(p[0].recorder.constant(x), p[0], p[1]), p[0].recorder.constant(y))
    }
    c.expect(found.result, "cost")
    c.expect(transposed(found.gradients[0]), "dw")
    c.expect(found.gradients[1], "db")
    for (id, names) in [("c1w2a2_optimize", ("X", "Y")), ("c1w2a2_model", ("X_train", "Y_train"))] {
      let c = try Exercise(id), isModel = id == "c1w2a2_model", x = try c.rows(names.0)
      let w = isModel ? Tensor([1, x.shape[1]]) : try c.rows("w"), b = Tensor([1], [isModel ? 0 : c.number("b")])
      let trained = try train([w, b], x, try c.rows(names.1), c, activation: .relu)
      c.expect(transposed(trained.parameters[0]), "w", slack: 2e-6)
      c.expect(trained.parameters[1], "b", slack: 2e-6)
      c.expect(Tensor([trained.costs.count], trained.costs), "costs")
      guard isModel else { continue }
      c.expect(try predict(trained.parameters, x), "Y_prediction_train")
      c.expect(try predict(trained.parameters, try c.rows("X_test")), "Y_prediction_test")
    }
    let p = try Exercise("c1w2a2_predict")
    p.expect(try predict([try p.rows("w"), Tensor([1], [p.number("b")])], try p.rows("X")), "Y_prediction")
  }

  @Test func oneHiddenLayer() throws {
    let f = try Exercise("c1w3_forward"), x = try f.rows("X")
    let w = try ["W1", "b1", "W2", "b2"].map { try f.tensor($0) }
    let found = values { r in
      let z1 = linear(r.constant(x), r.constant(w[0]), r.constant(w[1])), z2 = linear(tanh(z1), r.constant(w[2]), r.constant(w[3]))
      return [z1, tanh(z1), z2, sigmoid(z2)]
    }
    for (value, name) in zip(found, ["Z1", "A1", "Z2", "A2"]) { f.expect(transposed(value), name) }
    for id in ["c1w3_cost_1", "c1w3_cost_2", "c1w4a1_cost"] {
      let c = try Exercise(id), a = try c.tensor(id == "c1w4a1_cost" ? "AL" : "A2"), y = try c.tensor("Y")
      c.expect(value { crossEntropy(ofProbabilities: $0.constant(a), $0.constant(y)) }, "cost")
    }
    let b = try Exercise("c1w3_backward"), y = try b.rows("Y"), a1 = try b.rows("cache", "A1"), a2 = try b.rows("cache", "A2"), m = Float(y.shape[0])
    // From the activations that the exercise gives, which need not belong to its parameters.
    let second = pullback([a1, try b.tensor("parameters", "W2"), try b.tensor("parameters", "b2")], upstream: scaledDifference(a2, y, 1 / m)) {
      linear($0[0], $0[1], $0[2])
    }
    let dZ1 = value { r in r.constant(second.gradients[0]) * (1 - square(r.constant(a1))) }
    let first = pullback([try b.rows("X"), try b.tensor("parameters", "W1"), try b.tensor("parameters", "b1")], upstream: dZ1) { linear($0[0], $0[1], $0[2]) }
    for (value, name) in [(first.gradients[1], "dW1"), (first.gradients[2], "db1"), (second.gradients[1], "dW2"), (second.gradients[2], "db2")] {
      b.expect(value, name)
    }
    let c = try Exercise("c1w3_nn_model")
    let trained = try train(try ["W1", "b1", "W2", "b2"].map { try c.tensor("initial", $0) }, try c.rows("X"), try c.rows("Y"), c, activation: .tanh)
    for (value, name) in zip(trained.parameters, ["W1", "b1", "W2", "b2"]) { c.expect(value, name, slack: 3e-4) }
    let p = try Exercise("c1w3_predict"), parameters = try ["W1", "b1", "W2", "b2"].map { try p.tensor("parameters", $0) }
    let isPositive = try predict(parameters, try p.rows("X"), activation: .tanh).elements.map { $0 == 1 }
    #expect(isPositive == p.expected["predictions"].list.flatMap { $0.list.map(\.truth) } && isPositive.count > 1)
  }

  @Test func layersOfTheDeepNetwork() throws {
    let l = try Exercise("c1w4a1_linear_forward"), la = try l.rows("A"), lw = try l.tensor("W"), lb = try l.tensor("b")
    l.expect(transposed(value { linear($0.constant(la), $0.constant(lw), $0.constant(lb)) }), "Z")
    for (name, activation) in [("sigmoid", Activation.logistic), ("relu", .relu)] {
      let f = try Exercise("c1w4a1_linear_activation_forward_\(name)"), a = try f.rows("A_prev"), w = try f.tensor("W"), bias = try f.tensor("b")
      f.expect(transposed(value { linear($0.constant(a), $0.constant(w), $0.constant(bias)).activated(activation) }), "A")
      let b = try Exercise("c1w4a1_linear_activation_backward_\(name)")
      let dZ = pullback([try b.rows("Z")], upstream: try b.rows("dA")) { $0[0].activated(activation) }.gradients[0], m = Float(dZ.shape[0])
      let found = pullback([try b.rows("A_prev"), try b.tensor("W"), try b.tensor("b")], upstream: dZ) { linear($0[0], $0[1], $0[2]) }.gradients
      b.expect(transposed(found[0]), "dA_prev")
      b.expect(scaled(found[1], 1 / m), "dW")
      b.expect(scaled(found[2], 1 / m), "db")
    }
    let b = try Exercise("c1w4a1_linear_backward"), dZ = try b.rows("dZ"), m = Float(dZ.shape[0])
    let found = pullback([try b.rows("A_prev"), try b.tensor("W"), try b.tensor("b")], upstream: dZ) { linear($0[0], $0[1], $0[2]) }.gradients
    b.expect(transposed(found[0]), "dA_prev")
    b.expect(scaled(found[1], 1 / m), "dW")
    b.expect(scaled(found[2], 1 / m), "db")

    let f = try Exercise("c1w4a1_L_model_forward"), x = try f.rows("X")
    let p = try ["W1", "b1", "W2", "b2", "W3", "b3"].map { try f.tensor("parameters", $0) }
    let z = values { r in
      let p = p.map { r.constant($0) }, z1 = linear(r.constant(x), p[0], p[1]), z2 = linear(relu(z1), p[2], p[3]), z3 = linear(relu(z2), p[4], p[5])
      return [z1, z2, z3, sigmoid(z3)]
    }
    for (value, name) in zip(z, ["Z1", "Z2", "Z3", "AL"]) { f.expect(transposed(value), name) }

    let d = try Exercise("c1w4a1_L_model_backward"), al = try d.rows("AL"), y = try d.rows("Y"), n = Float(y.shape[0])
    let dAL = pullback([al]) { crossEntropy(ofProbabilities: $0[0], $0[0].recorder.constant(y)) * n }.gradients[0]
    let dZ2 = pullback([try d.rows("Z2")], upstream: dAL) { sigmoid($0[0]) }.gradients[0]
    let second = pullback([try d.rows("A1"), try d.tensor("W2"), try d.tensor("b2")], upstream: dZ2) { linear($0[0], $0[1], $0[2]) }.gradients
    let dZ1 = pullback([try d.rows("Z1")], upstream: second[0]) { relu($0[0]) }.gradients[0]
    let first = pullback([try d.rows("A0"), try d.tensor("W1"), try d.tensor("b1")], upstream: dZ1) { linear($0[0], $0[1], $0[2]) }.gradients
    d.expect(transposed(second[0]), "dA1")
    d.expect(transposed(first[0]), "dA0")
    for (value, name) in [(second[1], "dW2"), (second[2], "db2"), (first[1], "dW1"), (first[2], "db1")] { d.expect(scaled(value, 1 / n), name) }
  }

  @Test(arguments: ["c1w4a2_two_layer_model_1", "c1w4a2_two_layer_model_2", "c1w4a2_L_layer_model_1", "c1w4a2_L_layer_model_2"])
  func wholeModels(id: String) throws {
    let c = try Exercise(id), layers = c.inputs["layers_dims"].ints.count - 1
    let names = (1...layers).flatMap { ["W\($0)", "b\($0)"] }
    let trained = try train(try names.map { try c.tensor("initial", $0) }, try c.rows("X"), try c.rows("Y"), c, activation: .relu)
    for (value, name) in zip(trained.parameters, names) { c.expect(value, name, of: c.expected["parameters"]) }
    c.expect(Tensor([1], [trained.costs[0]]), "costs", of: .object(["costs": .list([c.expected["costs"][0]])]))
  }

  // MARK: Course 2

  @Test func l2Regularization() throws {
    let c = try Exercise("c2w1a2_cost_l2"), a = try c.tensor("A3"), y = try c.tensor("Y"), lambda = c.number("lambd")
    let weights = try ["W1", "W2", "W3"].map { try c.tensor("parameters", $0) }
    c.expect(value { r in
      let penalty = weights.map { square(r.constant($0)).sum() }.reduce(r.constant(Tensor([]))) { $0 + $1 }
      return crossEntropy(ofProbabilities: r.constant(a), r.constant(y)) + penalty * (lambda / (2 * Float(y.count)))
    }, "cost")
    try backward("c2w1a2_backward_l2") { _, x in x }
  }

  @Test func invertedDropout() throws {
    let c = try Exercise("c2w1a2_dropout_forward"), keep = c.number("keep_prob"), x = try c.rows("X")
    let p = try ["W1", "b1", "W2", "b2", "W3", "b3"].map { try c.tensor("parameters", $0) }
    let masks = try ["uniform_draws_D1", "uniform_draws_D2"].map { name in
      let draws = try c.rows(name)
      return Tensor(draws.shape, draws.elements.map { $0 < keep ? 1 : 0 })
    }
    let found = values { r in
      let p = p.map { r.constant($0) }, z1 = linear(r.constant(x), p[0], p[1]), a1 = relu(z1) * r.constant(masks[0]) / keep
      let z2 = linear(a1, p[2], p[3]), a2 = relu(z2) * r.constant(masks[1]) / keep, z3 = linear(a2, p[4], p[5])
      return [z1, a1, z2, a2, z3, sigmoid(z3)]
    }
    for (value, name) in zip(found, ["Z1", "A1", "Z2", "A2", "Z3", "A3"]) { c.expect(transposed(value), name) }
    let b = try Exercise("c2w1a2_dropout_backward"), kept = b.number("keep_prob")
    try backward("c2w1a2_dropout_backward") { layer, a in
      let mask = b.inputs["cache"]["D\(layer)"]
      let truths = Tensor(mask.shape, mask.list.flatMap { $0.list.map { $0.truth ? 1 : 0 } })
      return a * a.recorder.constant(transposed(truths)) / kept
    }
  }

  /// The backward pass of three layers from the values that an exercise gives; `drop` is what becomes of an activation.
  private func backward(_ id: String, drop: @escaping (Int, Node) -> Node) throws {
    let c = try Exercise(id), y = try c.rows("Y"), m = Float(y.shape[0]), lambda = c.inputs["lambd"].optional.map { Float($0) } ?? 0
    var dZ = scaledDifference(try c.rows("cache", "A3"), y, 1)
    for layer in [3, 2, 1] {
      c.expect(transposed(dZ), "dZ\(layer)")
      let below = layer == 1 ? try c.rows("X") : try c.rows("cache", "A\(layer - 1)"), w = try c.tensor("cache", "W\(layer)")
      let found = pullback([below, w, try c.tensor("cache", "b\(layer)")], upstream: dZ) { p in linear(p[0], p[1], p[2]) }.gradients
      // L2: the gradient of λ / 2m · ‖W‖²
      let penalty = pullback([w]) { square($0[0]).sum() * (lambda / 2) }.gradients[0]
      c.expect(Tensor(w.shape, zip(found[1].elements, penalty.elements).map { ($0 + $1) / m }), "dW\(layer)")
      c.expect(scaled(found[2], 1 / m), "db\(layer)")
      guard layer > 1 else { break }
      let dA = pullback([try c.rows("cache", "A\(layer - 1)")], upstream: found[0]) { drop(layer - 1, $0[0]) }.gradients[0]
      c.expect(transposed(dA), "dA\(layer - 1)")
      dZ = pullback([try c.rows("cache", "Z\(layer - 1)")], upstream: dA) { relu($0[0]) }.gradients[0]
    }
  }

  @Test func gradientChecking() throws {
    let one = try Exercise("c2w1a3_gradient_check_1d"), x = one.inputs["x"].number
    let line = GradientCheck(name: "theta", gradient: [x], of: { $0[0] * x }, at: [one.inputs["theta"].number], step: one.inputs["epsilon"].number)
    #expect(line.relativeDifference < 1e-9)

    let c = try Exercise("c2w1a3_gradient_check_n"), names = ["W1", "b1", "W2", "b2", "W3", "b3"], tensors = names.map { c.inputs["parameters"][$0] }
    let start = tensors.flatMap(\.numbers), shapes = tensors.map(\.shape), columns = c.inputs["X"], y = c.inputs["Y"].numbers
    // In double precision, as the exercise is: single precision has no differences of 1e-7.
    func cost(_ parameters: [Double]) -> Double {
      var rest = parameters[...], sum = 0.0
      let layers = shapes.map { shape in
        defer { rest = rest.dropFirst(shape.count) }
        return (values: Array(rest.prefix(shape.count)), columns: shape[1])
      }
      for example in y.indices {
        var a = columns.list.map { $0[example].number }
        for layer in 0..<3 {
          let (w, width) = layers[2 * layer], b = layers[2 * layer + 1].values
          let z = b.indices.map { row in b[row] + (0..<width).reduce(0) { $0 + w[row * width + $1] * a[$1] } }
          a = z.map { layer == 2 ? 1 / (1 + Foundation.exp(-$0)) : Swift.max($0, 0) }
        }
        sum -= y[example] * Foundation.log(a[0]) + (1 - y[example]) * Foundation.log(1 - a[0])
      }
      return sum / Double(y.count)
    }
    #expect(abs(cost(start) - c.expected["cost"].number) < 1e-8)
    let gradients = pullback(tensors.map(\.tensor)) { p in
      let x = p[0].recorder.constant(transposed(columns.tensor)), t = p[0].recorder.constant(Tensor([y.count, 1], y.map { Float($0) }))
      return logisticCrossEntropy(linear(relu(linear(relu(linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5]), t)
    }.gradients
    for (gradient, name) in zip(gradients, names) { c.expect(gradient, "d\(name)", of: c.expected["gradients"]) }
    let exact = names.flatMap { c.expected["gradients"]["d\($0)"].numbers }, step = c.inputs["epsilon"].number
    #expect(GradientCheck(name: "exact", gradient: exact, of: cost, at: start, step: step).relativeDifference < 2e-7)
    let ours = GradientCheck(name: "engine", gradient: gradients.flatMap { $0.elements.map(Double.init) }, of: cost, at: start, step: step)
    #expect(ours.relativeDifference < 1e-6 && ours.isRight)
    // The two mistakes of the exercise: dW2 doubled, db1 taken four times.
    var first = 0, wrong: [Double] = []
    for (index, shape) in shapes.enumerated() {
      wrong += exact[first..<first + shape.count].map { $0 * (index == 2 ? 2 : index == 1 ? 4 : 1) }
      first += shape.count
    }
    let found = GradientCheck(name: "wrong", gradient: wrong, of: cost, at: start, step: step)
    #expect(!found.isRight && abs(found.relativeDifference - c.expected["difference_buggy_backprop"].number) < 1e-5)
  }

  @Test func tensorExercises() throws {
    let l = try Exercise("c2w3_linear_function"), x = try l.tensor("X"), w = try l.tensor("W"), b = try l.tensor("b")
    l.expect(value { matrixProduct($0.constant(w), $0.constant(x)) + $0.constant(b) }, "Y")
    let o = try Exercise("c2w3_one_hot")
    for (index, depth) in o.inputs["depths"].ints.enumerated() {
      #expect(oneHot([o.inputs["labels"].ints[index]], classes: depth).elements == o.expected["outputs"][index].floats)
    }
    for id in ["c2w3_total_loss_1", "c2w3_total_loss_2"] {
      let c = try Exercise(id), z = try c.tensor("logits"), t = try c.tensor("labels_one_hot")
      c.expect(value { softmaxCrossEntropy($0.constant(z), $0.constant(t), reduction: .sum) }, "loss")
    }
  }

  // MARK: Course 4

  /// [batch, height, width, channels] to [batch, channels, height, width], and back.
  private func channelsFirst(_ x: Node) -> Node { x.permuted([0, 3, 1, 2]) }
  private func channelsLast(_ x: Node) -> Node { x.permuted([0, 2, 3, 1]) }
  /// [height, width, channels, outputs] to [outputs, channels, height, width].
  private func kernel(_ w: Node) -> Node { w.permuted([3, 2, 0, 1]) }

  private func convolution(_ x: Node, _ w: Node, _ b: Node, pad: Int, stride: Int) -> Node {
    channelsLast(
      channelsFirst(x).applying(Convolution2D(stride: stride, padding: .all(pad)), kernel(w), b.reshaped([b.shape.count])))
  }

  @Test func zeroPadding() throws {
    for id in ["c4w1_zero_pad_1", "c4w1_zero_pad_2"] {
      let c = try Exercise(id), x = try c.tensor("X"), pad = Int(c.number("pad"))
      c.expect(value { $0.constant(x).applying(PadZeros(axis: 1, before: pad, after: pad)).applying(PadZeros(axis: 2, before: pad, after: pad)) }, "X_pad")
    }
  }

  @Test func convolutions() throws {
    let s = try Exercise("c4w1_conv_single_step"), slice = try s.tensor("a_slice_prev"), w = try s.tensor("W"), b = Tensor([1], s.inputs["b"].floats)
    s.expect(value { r in
      let shape = slice.shape, x = r.constant(slice).reshaped([1, shape[0], shape[1], shape[2]])
      return convolution(x, r.constant(w).reshaped([shape[0], shape[1], shape[2], 1]), r.constant(b), pad: 0, stride: 1)
    }, "Z")
    for id in ["c4w1_conv_forward_1", "c4w1_conv_forward_2", "c4w1_conv_forward_shape_a", "c4w1_conv_forward_shape_b"] {
      let c = try Exercise(id), x = try c.tensor("A_prev"), w = try c.tensor("W"), b = try c.tensor("b")
      let z = value { convolution($0.constant(x), $0.constant(w), $0.constant(b), pad: Int(c.number("pad")), stride: Int(c.number("stride"))) }
      #expect(z.shape == c.expected["Z"].shape)
      c.expect(z, "Z")
    }
    let c = try Exercise("c4w1_conv_backward")
    let found = pullback([try c.tensor("A_prev"), try c.tensor("W"), try c.tensor("b")], upstream: try c.tensor("dZ")) {
      convolution($0[0], $0[1], $0[2], pad: Int(c.number("pad")), stride: Int(c.number("stride")))
    }.gradients
    for (value, name) in zip(found, ["dA", "dW", "db"]) { c.expect(value, name) }
  }

  @Test func poolings() throws {
    for suffix in ["max_f2s1", "average_f2s1", "max_f3s2", "average_f3s2"] {
      let c = try Exercise("c4w1_pool_forward_\(suffix)"), x = try c.tensor("A_prev"), pooling = pooling(c)
      c.expect(value { channelsLast(channelsFirst($0.constant(x)).applying(pooling)) }, "A")
    }
    for mode in ["max", "average"] {
      let c = try Exercise("c4w1_pool_backward_\(mode)"), pooling = pooling(c)
      let found = pullback([try c.tensor("A_prev")], upstream: try c.tensor("dA")) { channelsLast(channelsFirst($0[0]).applying(pooling)) }
      c.expect(found.gradients[0], "dA_prev")
    }
    let mask = try Exercise("c4w1_mask_from_window"), x = try mask.tensor("x")
    let found = pullback([x]) { $0[0].max() }.gradients[0]
    #expect(found.elements.map { $0 == 1 } == mask.expected["mask"].list.flatMap { $0.list.map(\.truth) })
    let spread = try Exercise("c4w1_distribute_value"), shape = Shape(spread.inputs["shape"].ints)
    spread.expect(pullback([Tensor(shape)], upstream: Tensor([], [spread.number("dz")])) { $0[0].mean() }.gradients[0], "a")
  }

  private func pooling(_ c: Exercise) -> Pooling2D {
    Pooling2D(c.inputs["mode"].text == "max" ? .max : .average, size: Int(c.number("f")), stride: Int(c.number("stride")))
  }

  @Test(arguments: [1, 2]) func residualBlocks(number: Int) throws {
    let c = try Exercise("c4w2_identity_block_\(number)"), x = try c.tensor("X"), filters = c.inputs["filters"].ints, isTraining = c.inputs["training"].truth
    c.expect(value { r in
      let input = channelsFirst(r.constant(x)), constant = c.number("kernel_constant")
      func weights(_ outputs: Int, _ channels: Int, _ size: Int) -> Node { r.constant(Tensor([outputs, channels, size, size], repeating: constant)) }
      let a = relu(normalized(convolved(input, weights(filters[0], x.shape[3], 1), stride: 1, isSame: false), isTraining))
      let b = relu(normalized(convolved(a, weights(filters[1], filters[0], Int(c.number("f"))), stride: 1, isSame: true), isTraining))
      return channelsLast(relu(normalized(convolved(b, weights(filters[2], filters[1], 1), stride: 1, isSame: false), isTraining) + input))
    }, "A", slack: 2e-6)
    let d = try Exercise("c4w2_convolutional_block_\(number)"), y = try d.tensor("X"), stride = Int(d.number("s")), learns = d.inputs["training"].truth
    let w = try ["W_a", "W_b", "W_c", "W_shortcut"].map { try d.tensor($0) }
    d.expect(value { r in
      let input = channelsFirst(r.constant(y)), w = w.map { kernel(r.constant($0)) }
      let a = relu(normalized(convolved(input, w[0], stride: stride, isSame: false), learns))
      let b = relu(normalized(convolved(a, w[1], stride: 1, isSame: true), learns))
      let shortcut = normalized(convolved(input, w[3], stride: stride, isSame: false), learns)
      return channelsLast(relu(normalized(convolved(b, w[2], stride: 1, isSame: false), learns) + shortcut))
    }, "A", slack: 2e-6)
  }

  private func convolved(_ x: Node, _ w: Node, stride: Int, isSame: Bool) -> Node {
    let size = w.shape[2]
    let padding = isSame ? Padding(top: (size - 1) / 2, left: (size - 1) / 2, bottom: size / 2, right: size / 2) : .none
    return x.applying(Convolution2D(stride: stride, padding: padding), w)
  }

  /// Keras' batch normalisation as it begins.
  private func normalized(_ x: Node, _ isTraining: Bool) -> Node {
    BatchNorm(x.shape[1], epsilon: 1e-3)(x, phase: isTraining ? .training : .inference)
  }

  @Test(arguments: 1...7) func tripletLosses(number: Int) throws {
    let c = try Exercise("c4w4_triplet_loss_\(number)"), a = try c.tensor("anchor"), p = try c.tensor("positive"), n = try c.tensor("negative")
    func rows(_ t: Tensor) -> Tensor { t.shape.rank == 2 ? t : Tensor([t.shape[0], t.count / t.shape[0]], t.elements) }
    c.expect(value {
      tripletLoss($0.constant(rows(a)), $0.constant(rows(p)), $0.constant(rows(n)), margin: c.number("alpha"), reduction: .sum)
    }, "loss")
  }

  // MARK: Training

  /// Gradient descent on all examples at once: the course's models. Costs are those of every hundredth iteration.
  private func train(
    _ parameters: [Tensor], _ x: Tensor, _ y: Tensor, _ c: Exercise, activation: Activation
  ) throws -> (parameters: [Tensor], costs: [Float]) {
    let shaped = parameters.enumerated().map { $0.offset % 2 == 0 ? $0.element : Tensor([$0.element.count], $0.element.elements) }
    var optimizer = GradientDescent(learningRate: c.number("learning_rate")), costs: [Float] = []
    var step = TrainingStep(DeepNetwork(shaped, activation), inputs: [("x", x.shape), ("y", y.shape)]) { logisticCrossEntropy($0($1[0]), $1[1]) }
    for iteration in 0..<Int(c.number("num_iterations")) {
      let cost = step.run([x, y])
      if iteration % 100 == 0 { costs.append(cost) }
      step.update(with: &optimizer)
    }
    return (step.parameters, costs)
  }

  /// 1 where the probability is more than a half, as a row.
  private func predict(_ parameters: [Tensor], _ x: Tensor, activation: Activation = .relu) throws -> Tensor {
    let shaped = parameters.enumerated().map { $0.offset % 2 == 0 ? $0.element : Tensor([$0.element.count], $0.element.elements) }
    let z = value { DeepNetwork(shaped, activation)($0.constant(x)) }
    return Tensor([1, z.count], z.elements.map { $0 > 0 ? 1 : 0 })
  }

  private func crossEntropy(ofProbabilities a: Node, _ y: Node) -> Node {
    let y = y.reshaped(a.shape)
    return -(y * log(a) + (1 - y) * log(1 - a)).mean()
  }
}

/// Layers of weights and biases, and one activation between them; logits come out.
struct DeepNetwork: Module {
  var weights: [Parameter]
  let activation: Activation

  init(_ weights: [Tensor], _ activation: Activation) {
    self.weights = weights.map { Parameter($0) }
    self.activation = activation
  }

  func callAsFunction(_ x: Node) -> Node {
    var x = x
    for layer in stride(from: 0, to: weights.count, by: 2) {
      let z = x.applying(FullyConnected(), weights[layer].node(in: x.recorder), weights[layer + 1].node(in: x.recorder))
      x = layer + 2 == weights.count ? z : z.activated(activation)
    }
    return x
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    for index in weights.indices { try visitor.visit("\(index)", &weights[index]) }
  }
}

private func transposed(_ x: Tensor) -> Tensor {
  guard x.shape.rank == 2 else { return x }
  var y = Tensor([x.shape[1], x.shape[0]])
  for row in 0..<x.shape[0] { for column in 0..<x.shape[1] { y[column, row] = x[row, column] } }
  return y
}

private func scaled(_ x: Tensor, _ factor: Float) -> Tensor { Tensor(x.shape, x.elements.map { $0 * factor }) }

private func scaledDifference(_ a: Tensor, _ b: Tensor, _ factor: Float) -> Tensor {
  Tensor(a.shape, zip(a.elements, b.elements).map { ($0 - $1) * factor })
}
