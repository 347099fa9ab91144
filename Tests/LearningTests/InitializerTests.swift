import Learning
import Tensors
import Testing

@Suite struct InitializerTests {
  @Test(arguments: 0..<4) func fansAsInPyTorch(_ number: Int) {
    let test = fixture["fans"][number], fans = Fans(Shape(test["shape"].ints))
    #expect([fans.input, fans.output] == test["fans"].ints)
  }

  @Test func fansOfSmallShapes() {
    #expect(Fans([7]) == Fans([7, 7]) && Fans([]).input == 1 && Fans([3, 0]).input == 1)
  }

  /// Mean, variance and bounds of many numbers.
  @Test(arguments: [
    (Initializer.normal(deviation: 0.3), 0.09), (.uniform(-1..<1), 0.3333333333), (.glorotNormal, 0.0028571429), (.glorotUniform, 0.0028571429),
    (.heNormal, 0.0066666667), (.heUniform, 0.0066666667), (.lecunNormal, 0.0033333333), (.lecunUniform, 0.0033333333),
  ] as [(Initializer, Double)])
  func numbersAreDistributedAsNamed(_ initializer: Initializer, _ variance: Double) {
    let bound = "\(initializer)".lowercased().contains("uniform") ? (3 * variance).squareRoot() : .infinity
    var random = RandomNumbers(seed: 5)
    let values = initializer.tensor([400, 300], using: &random).elements.map(Double.init)
    let mean = values.reduce(0, +) / 120_000, found = values.reduce(0) { $0 + $1 * $1 } / 120_000
    #expect(abs(mean) < 0.02 * variance.squareRoot() && abs(found / variance - 1) < 0.02)
    #expect(abs(Double(initializer.standardDeviation(for: [400, 300])) - variance.squareRoot()) < 1e-6)
    let largest = values.map(abs).max()!
    #expect(largest <= bound * (1 + 1e-6) && (bound == .infinity ? largest > 3 * variance.squareRoot() : largest > 0.99 * bound))
  }

  @Test func convolutionsUseTheirWindow() {
    #expect(abs(Initializer.heNormal.standardDeviation(for: [16, 3, 5, 4]) - Float(2 / 60.0).squareRoot()) < 1e-7)
    #expect(abs(Initializer.glorotNormal.standardDeviation(for: [16, 3, 5, 4]) - Float(2 / 380.0).squareRoot()) < 1e-7)
  }

  @Test func constants() {
    var random = RandomNumbers(seed: 1)
    let untouched = random.next()
    random = RandomNumbers(seed: 1)
    #expect(Initializer.zeros.tensor([2, 2], using: &random).elements == [0, 0, 0, 0])
    #expect(Initializer.constant(2.5).tensor([3], using: &random).elements == [2.5, 2.5, 2.5])
    #expect(random.next() == untouched, "constants draw no numbers")
  }

  @Test func theSeedFixesTheNumbers() {
    for initializer: Initializer in [.normal(deviation: 1), .glorotUniform, .heNormal, .orthogonal()] {
      var a = RandomNumbers(seed: 1), b = RandomNumbers(seed: 1), c = RandomNumbers(seed: 2)
      let first = initializer.tensor([5, 4], using: &a)
      #expect(first == initializer.tensor([5, 4], using: &b) && first != initializer.tensor([5, 4], using: &c))
    }
  }

  @Test(arguments: [[6, 6], [9, 4], [4, 9], [8, 2, 3, 3], [1, 5], [5], [0, 3]]) func orthogonal(_ sizes: [Int]) {
    var random = RandomNumbers(seed: 7)
    let rows = sizes[0], columns = sizes.dropFirst().reduce(1, *)
    let values = Initializer.orthogonal(gain: 2).tensor(Shape(sizes), using: &random).elements
    func entry(_ a: Int, _ b: Int) -> Double {
      (0..<max(rows, columns)).reduce(0) { sum, k in
        let (x, y) = rows < columns ? (values[a * columns + k], values[b * columns + k]) : (values[k * columns + a], values[k * columns + b])
        return sum + Double(x) * Double(y)
      }
    }
    for a in 0..<min(rows, columns) {
      for b in 0..<min(rows, columns) { #expect(abs(entry(a, b) - (a == b ? 4 : 0)) < 1e-6) }
    }
  }

  /// Signs are those of chance, not of the method: the trace of many rotations is 0 on average, and its square 1.
  @Test func orthogonalMatricesAreEvenlyDistributed() {
    var random = RandomNumbers(seed: 3), sum = 0.0, squares = 0.0
    for _ in 0..<4_000 {
      let q = Initializer.orthogonal().tensor([3, 3], using: &random), trace = Double(q[0, 0] + q[1, 1] + q[2, 2])
      sum += trace
      squares += trace * trace
    }
    #expect(abs(sum / 4_000) < 0.06 && abs(squares / 4_000 - 1) < 0.08)
  }
}
