import Kernels
import Learning
import Tensors
import TestSupport
import Testing

/// Ten steps of each optimiser against PyTorch, and what must hold for all of them.
@Suite struct OptimizerTests {
  /// One of each kind, with everything that it remembers.
  static let all: [any Optimizer] = [
    GradientDescent(learningRate: 0.05, weightDecay: .l2(0.1)), Momentum(learningRate: 0.05), Momentum.averaging(learningRate: 0.05),
    Nesterov(learningRate: 0.05), AdaGrad(rateDecay: 0.1), RMSprop(), RMSprop(momentum: 0.9), RMSprop(momentum: 0.5, isCentered: true),
    Adam(weightDecay: .l2(0.1)), AdamW(),
  ]

  /// The optimiser of a case of the fixture.
  func optimizer(_ test: JSON) -> any Optimizer {
    let options = test["options"], rate = Float(test["rates"][0].number), decay = WeightDecay.l2(Float(options["weight_decay"].optional ?? 0))
    let momentum = options["momentum"].optional ?? 0, epsilon = options["eps"].optional.map { Float($0) }
    let (beta1, beta2) = (options["beta1"].number, options["beta2"].number)
    switch test["name"].text {
    case "gradientDescent": return GradientDescent(learningRate: rate, weightDecay: decay)
    case "momentum":
      return Momentum(learningRate: rate, momentum: momentum, dampening: options["dampening"].optional ?? 0, weightDecay: decay)
    case "nesterov": return Nesterov(learningRate: rate, momentum: momentum, weightDecay: decay)
    case "adaGrad":
      return AdaGrad(learningRate: rate, rateDecay: options["lr_decay"].optional ?? 0, epsilon: epsilon ?? 1e-10, weightDecay: decay)
    case "rmsprop":
      return RMSprop(
        learningRate: rate, decay: options["alpha"].optional ?? 0.99, epsilon: epsilon ?? 1e-8, momentum: momentum,
        isCentered: test["centered"].truth, weightDecay: decay)
    case "adam": return Adam(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon ?? 1e-8, weightDecay: decay)
    case "adamW":
      return AdamW(
        learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon ?? 1e-8,
        weightDecay: .decoupled(Float(options["weight_decay"].optional ?? 0.01)))
    default: preconditionFailure("\(test["name"].text) is no optimiser")
    }
  }

  @Test(arguments: fixture["optimizers"].list.indices) func tenStepsAsInPyTorch(_ number: Int) {
    let test = fixture["optimizers"][number], shapes = fixture["shapes"].list.map { Shape($0.ints) }
    var optimizer = optimizer(test), parameters = zip(shapes, fixture["begin"].list).map { Tensor($0, $1.floats) }
    for (step, expected) in test["results"].list.enumerated() {
      optimizer.learningRate = Float(test["rates"][step].number)
      optimizer.update(&parameters, along: zip(shapes, fixture["gradients"][step].list).map { Tensor($0, $1.floats) })
      expectClose(
        parameters.flatMap(\.elements), expected.numbers, relative: 2e-6, absolute: 2e-6, "\(test["name"].text) \(test["options"]), step \(step)")
    }
  }

  @Test func theFixtureHasEveryKind() {
    let names = Set(fixture["optimizers"].list.map { $0["name"].text })
    #expect(names == ["gradientDescent", "momentum", "nesterov", "adaGrad", "rmsprop", "adam", "adamW"])
  }

  @Test(arguments: all.indices) func sameBitsForAnyNumberOfThreads(_ number: Int) {
    let shapes: [Shape] = [[0], [1], [8_191], [8_192], [8_193], [3, 7_001]]
    func run(_ threads: Int) -> [UInt32] {
      let processor = Processor(threadCount: threads)
      var optimizer = Self.all[number], parameters = shapes.map { noise($0) }
      for step in 0..<3 { optimizer.update(&parameters, along: shapes.map { noise($0, seed: UInt64(step + 2)) }, on: processor) }
      return bits(parameters + optimizer.state.map(\.tensor))
    }
    let one = run(1)
    for threads in [2, 3, 7] { #expect(run(threads) == one, "\(threads) threads") }
  }

  /// Elements at the ends of pieces and vectors are treated as any others: each as if it were alone.
  @Test(arguments: all.indices) func elementsAreIndependent(_ number: Int) {
    let whole: Shape = [8_197]
    var optimizer = Self.all[number], parameters = [noise(whole)]
    for step in 0..<2 { optimizer.update(&parameters, along: [noise(whole, seed: UInt64(step + 2))]) }
    for index in [0, 1, 8_191, 8_192, 8_196] {
      var alone = Self.all[number], parameter = [Tensor([1], [noise(whole)[index]])]
      for step in 0..<2 { alone.update(&parameter, along: [Tensor([1], [noise(whole, seed: UInt64(step + 2))[index]])]) }
      #expect(parameter[0][0] == parameters[0][index], "element \(index)")
    }
  }

  @Test(arguments: all.indices) func aResumedRunHasTheSameBits(_ number: Int) throws {
    let shapes: [Shape] = [[3, 4], [5], []]
    func step(_ optimizer: inout any Optimizer, _ parameters: inout [Tensor], _ number: Int) {
      optimizer.update(&parameters, along: shapes.enumerated().map { noise($1, seed: UInt64(number * 3 + $0)) })
    }
    var through = Self.all[number], expected = shapes.map { noise($0) }
    for index in 0..<10 { step(&through, &expected, index) }
    var first = Self.all[number], parameters = shapes.map { noise($0) }
    for index in 0..<5 { step(&first, &parameters, index) }
    var second = Self.all[number]
    try second.restore(dictionary(first.state), for: shapes)
    #expect(second.memory.step == 5)
    for index in 5..<10 { step(&second, &parameters, index) }
    #expect(bits(parameters) == bits(expected) && bits(second.state.map(\.tensor)) == bits(through.state.map(\.tensor)))
    // Without its memory it would go elsewhere, or the test shows nothing.
    if !first.memoryNames.isEmpty {
      var third = Self.all[number], others = shapes.map { noise($0) }
      for index in 0..<5 { step(&third, &others, index) }
      third = Self.all[number]
      for index in 5..<10 { step(&third, &others, index) }
      #expect(bits(others) != bits(expected))
    }
  }

  @Test(arguments: all.indices) func badStatesAreErrors(_ number: Int) throws {
    let shapes: [Shape] = [[3, 4], [5]]
    var optimizer = Self.all[number], parameters = shapes.map { noise($0) }
    optimizer.update(&parameters, along: shapes.map { noise($0, seed: 2) })
    let state = dictionary(optimizer.state), before = bits(optimizer.state.map(\.tensor))
    for name in state.keys {
      var bad = state
      bad[name] = nil
      #expect(throws: StateError.missing(name: name)) { try optimizer.restore(bad, for: shapes) }
      bad[name] = Tensor([2, 9])
      #expect(throws: StateError.shape(name: name, found: [2, 9], expected: state[name]!.shape)) { try optimizer.restore(bad, for: shapes) }
    }
    var bad = state
    bad["surprise"] = Tensor([1])
    #expect(throws: StateError.unexpected(name: "surprise")) { try optimizer.restore(bad, for: shapes) }
    for digits: [Float] in [[-1, 0, 0, 0], [0.5, 0, 0, 0], [65_536, 0, 0, 0], [.nan, 0, 0, 0], [.infinity, 0, 0, 0], [0, 0, 0, 65_535]] {
      bad = state
      bad["step"] = Tensor([4], digits)
      #expect(throws: StateError.self) { try optimizer.restore(bad, for: shapes) }
    }
    if state.count > 1 { #expect(throws: StateError.self) { try optimizer.restore(state, for: [[3, 4], [6]]) } }
    #expect(bits(optimizer.state.map(\.tensor)) == before, "a state that is refused changes nothing")
    try optimizer.restore(state, for: shapes)
  }

  @Test func errorsSayWhatToDo() {
    let errors: [StateError] = [
      .missing(name: "mean.0"), .unexpected(name: "mean.0"), .shape(name: "mean.0", found: [2], expected: [3]),
      .value(name: "mean.0", found: "-1", expected: "a count"),
    ]
    for error in errors { #expect("\(error)".contains("mean.0") && ("\(error)".contains("resume") || "\(error)".contains("checkpoint"))) }
    #expect("\(errors[2])".contains("2, expected 3"))
  }

  @Test func decoupledDecayShrinksBeforeTheStep() {
    let shapes: [Shape] = [[4, 5], [7]], gradients = shapes.map { noise($0, seed: 9) }
    for spares in [false, true] {
      var with = Momentum(learningRate: 0.25, weightDecay: .decoupled(0.5, sparingVectors: spares)), decayed = shapes.map { noise($0) }
      with.update(&decayed, along: gradients)
      var without = Momentum(learningRate: 0.25), expected = shapes.map { noise($0) }
      for index in 0..<2 where index == 0 || !spares { expected[index] = Tensor(shapes[index], expected[index].elements.map { 0.875 * $0 }) }
      without.update(&expected, along: gradients)
      #expect(bits(decayed) == bits(expected))
    }
  }

  @Test func penaltiesMaySpareVectors() {
    var optimizer = GradientDescent(learningRate: 0.5, weightDecay: .l2(0.5, sparingVectors: true))
    var parameters = [Tensor([1, 2], [4, 8]), Tensor([2], [4, 8])]
    optimizer.update(&parameters, along: [Tensor([1, 2]), Tensor([2])])
    #expect(parameters[0].elements == [3, 6] && parameters[1].elements == [4, 8])
  }

  @Test(arguments: all.indices) func descendsIntoABowl(_ number: Int) {
    var optimizer = Self.all[number], x = [Tensor([2], [3, -2])]
    optimizer.learningRate = 0.1
    optimizer.weightDecay = .none
    for step in 0..<3_000 {
      if step == 1_500 { optimizer.learningRate = 0.005 }
      optimizer.update(&x, along: [Tensor([2], [x[0][0], 5 * x[0][1]])])
    }
    // AdaGrad's steps have become short by then, with the decay of its rate.
    #expect(x[0].elements.allSatisfy { abs($0) < (optimizer is AdaGrad ? 3 : 0.02) }, "\(type(of: optimizer)) ended at \(x[0].elements)")
  }

  @Test func otherHoldersOfParametersSeeNoChange() {
    let before = noise([10])
    var optimizer = Adam(), parameters = [before]
    optimizer.update(&parameters, along: [noise([10], seed: 2)])
    #expect(before == noise([10]) && parameters[0] != before)
  }
}
