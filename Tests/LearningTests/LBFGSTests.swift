import Kernels
import Learning
import Tensors
import Testing

/// L-BFGS against PyTorch's with the strong-Wolfe line search: Fixtures/make-learning-fixtures.py. Parameters are single here and double there.
@Suite struct LBFGSTests {
  static func rosenbrock(_ x: [Double]) -> (loss: Double, gradient: [Double]) {
    var loss = 0.0, gradient = [Double](repeating: 0, count: x.count)
    for i in 0..<x.count - 1 {
      let a = x[i + 1] - x[i] * x[i], b = 1 - x[i]
      loss += 100 * a * a + b * b
      gradient[i] += -400 * a * x[i] - 2 * b
      gradient[i + 1] += 200 * a
    }
    return (loss, gradient)
  }

  static func quadratic(_ x: [Double]) -> (loss: Double, gradient: [Double]) {
    let scales: [Double] = [1, 1.6681005372, 2.7825594022, 4.6415888336, 7.7426368268, 12.9154966501, 21.5443469003, 35.938136638, 59.9484250319, 100]
    return (zip(x, scales).reduce(0) { $0 + $1.1 * ($1.0 - 1) * ($1.0 - 1) } / 2, zip(x, scales).map { $1 * ($0 - 1) })
  }

  static func evaluate(_ function: ([Double]) -> (loss: Double, gradient: [Double]), _ parameters: [Tensor]) -> LBFGS.Evaluation {
    let (loss, gradient) = function(parameters.flatMap(\.elements).map(Double.init))
    var start = 0
    return (
      loss,
      parameters.map { tensor in
        defer { start += tensor.count }
        return Tensor(tensor.shape, gradient[start..<start + tensor.count].map { Float($0) })
      }
    )
  }

  @Test(arguments: fixture["problems"].list.indices) func stepsAsInPyTorch(_ number: Int) {
    let test = fixture["problems"][number], function = test["name"].text == "rosenbrock" ? Self.rosenbrock : Self.quadratic
    var optimizer = LBFGS(historyLimit: Int(test["history"].number)), x = [Tensor([test["start"].list.count], test["start"].floats)]
    for (step, expected) in test["results"].list.enumerated() {
      let result = optimizer.step(&x) { Self.evaluate(function, $0) }
      #expect(result.outcome == .moved)
      expectClose(x[0].elements, expected.numbers, relative: 2e-3, absolute: 2e-3, "\(test["name"].text) \(number), step \(step)")
    }
  }

  @Test func findsTheMinimum() {
    var rosenbrock = LBFGS(), x = [Tensor([2], [-1.2, 1])]
    let result = rosenbrock.minimize(&x, steps: 100) { Self.evaluate(Self.rosenbrock, $0) }
    #expect(result.loss < 1e-9 && result.evaluations < 80, "\(result)")
    expectClose(x[0].elements, [1, 1], relative: 1e-4, absolute: 0)
    var quadratic = LBFGS(historyLimit: 5), y = [Tensor([2, 2], [5, 4, 3, 2]), Tensor([6])]
    let other = quadratic.minimize(&y, steps: 200) { Self.evaluate(Self.quadratic, $0) }
    #expect(other.outcome != .moved && other.outcome != .diverged)
    expectClose(y.flatMap(\.elements), [Double](repeating: 1, count: 10), relative: 1e-5, absolute: 0)
  }

  /// The conditions of Wolfe hold after every step that ends for their sake.
  @Test func eachStepGainsEnough() {
    var optimizer = LBFGS(), x = [Tensor([4], [-1.2, 1, -0.5, 0.8])]
    for _ in 0..<30 {
      let before = Self.evaluate(Self.rosenbrock, x), old = x[0].elements
      let result = optimizer.step(&x) { Self.evaluate(Self.rosenbrock, $0) }
      guard result.outcome == .moved else { break }
      let after = Self.evaluate(Self.rosenbrock, x), moved = zip(x[0].elements, old).map { Double($0) - Double($1) }
      func slope(_ evaluation: LBFGS.Evaluation) -> Double { zip(evaluation.gradients[0].elements, moved).reduce(0) { $0 + Double($1.0) * $1.1 } }
      #expect(after.loss <= before.loss + 1e-4 * slope(before) + 1e-9 && abs(slope(after)) <= -0.9 * slope(before) + 1e-6)
      #expect(result.loss == after.loss)
    }
  }

  @Test func askingOnceIsEnoughWhereTheLastStepEnded() {
    var optimizer = LBFGS(), x = [Tensor([10])], asked = 0
    func evaluate(_ parameters: [Tensor]) -> LBFGS.Evaluation {
      asked += 1
      return Self.evaluate(Self.quadratic, parameters)
    }
    var counted = 0
    for _ in 0..<5 { counted += optimizer.step(&x, evaluate).evaluations }
    #expect(asked == counted && counted <= 1 + 5 * 3)
    let before = asked
    x[0][0] += 1  // somebody else moved it
    _ = optimizer.step(&x, evaluate)
    #expect(asked > before + 1)
  }

  @Test func aResumedRunHasTheSameBits() throws {
    func step(_ optimizer: inout LBFGS, _ x: inout [Tensor]) { _ = optimizer.step(&x) { Self.evaluate(Self.rosenbrock, $0) } }
    let start = [Tensor([2], [-1.2, 1]), Tensor([1, 2], [-0.5, 0.8])]
    for before in [0, 1, 7] {
      var through = LBFGS(historyLimit: 4), expected = start, first = LBFGS(historyLimit: 4), x = start
      for _ in 0..<before + 6 { step(&through, &expected) }
      for _ in 0..<before { step(&first, &x) }
      var second = LBFGS(historyLimit: 4)
      try second.restore(dictionary(first.state), for: start.map(\.shape))
      for _ in 0..<6 { step(&second, &x) }
      #expect(bits(x) == bits(expected))
    }
  }

  @Test func badStatesAreErrors() throws {
    var optimizer = LBFGS(historyLimit: 4), x = [Tensor([2], [-1.2, 1])]
    for _ in 0..<6 { _ = optimizer.step(&x) { Self.evaluate(Self.rosenbrock, $0) } }
    let state = dictionary(optimizer.state)
    for name in state.keys where name != "parameters" {
      var bad = state
      bad[name] = nil
      #expect(throws: StateError.missing(name: name)) { try optimizer.restore(bad, for: [[2]]) }
    }
    var bad = state
    bad["parameters"] = nil
    #expect(throws: StateError.self) { try optimizer.restore(bad, for: [[2]]) }
    bad = state
    bad["pairs"] = Tensor([4], [0, 65_535, 0, 0])
    #expect(throws: StateError.self) { try optimizer.restore(bad, for: [[2]]) }
    bad = state
    bad["change.0"] = Tensor([2])
    #expect(throws: StateError.self) { try optimizer.restore(bad, for: [[2]]) }
    #expect(throws: StateError.self) { try optimizer.restore(state, for: [[3]]) }
    try optimizer.restore(state, for: [[2]])
  }

  @Test func lossesThatAreNotNumbersAreTooLarge() {
    // log x − 1 / x … has no value left of zero: the first step from x = 0.1 goes there.
    var optimizer = LBFGS(learningRate: 100), x = [Tensor([1], [0.1])]
    let result = optimizer.minimize(&x, steps: 50) { parameters in
      let x = Double(parameters[0][0])
      return (x > 0 ? x - 2 * x.squareRoot() : .nan, [Tensor([1], [x > 0 ? Float(1 - 1 / x.squareRoot()) : .nan])])
    }
    #expect(abs(x[0][0] - 1) < 1e-3 && result.outcome != .diverged, "\(x[0].elements) \(result)")
  }

  @Test func endsThatAreNotMoves() {
    var x = [Tensor([2], [1, 1])]
    var atMinimum = LBFGS()
    #expect(atMinimum.step(&x) { Self.evaluate(Self.rosenbrock, $0) }.outcome == .converged)
    var lost = LBFGS()
    #expect(lost.step(&x) { _ in (.nan, [Tensor([2], [1, 1])]) }.outcome == .diverged)
    #expect(lost.step(&x) { _ in (.nan, [Tensor([2], [1, 1])]) }.evaluations == 0, "it was there before")
    var lying = LBFGS()  // the gradient points uphill: no length helps
    let result = lying.step(&x) { (Double($0[0][0]), [Tensor([2], [-1, 0])]) }
    #expect(result.outcome == .stalled && x[0].elements == [1, 1])
  }

  struct Refusal: Error {}

  @Test func errorsPass() {
    var optimizer = LBFGS(), x = [Tensor([2], [-1.2, 1])], calls = 0
    #expect(throws: Refusal.self) {
      try optimizer.minimize(&x, steps: 10) { parameters throws(Refusal) in
        calls += 1
        if calls == 4 { throw Refusal() }
        return Self.evaluate(Self.rosenbrock, parameters)
      }
    }
    #expect(calls == 4)
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    func run(_ threads: Int) -> [UInt32] {
      var optimizer = LBFGS(historyLimit: 3), x = [noise([20_001])]
      let target = noise([20_001], seed: 2).elements, processor = Processor(threadCount: threads)
      for _ in 0..<6 {
        _ = optimizer.step(&x, on: processor) { parameters in
          let gaps = zip(parameters[0].elements, target).map { $0 - $1 }
          return (gaps.enumerated().reduce(0) { $0 + Double($1.offset % 7 + 1) * Double($1.element * $1.element) } / 2, [
            Tensor([20_001], gaps.enumerated().map { Float($0.offset % 7 + 1) * $0.element })
          ])
        }
      }
      return bits(x)
    }
    let one = run(1)
    for threads in [2, 3, 7] { #expect(run(threads) == one) }
  }
}
