import Kernels
import Learning
import Tensors
import Testing

@Suite struct ClippingTests {
  @Test(arguments: 0..<2) func normsAsInPyTorch(_ number: Int) {
    let test = fixture["clipped"][number], shapes = fixture["shapes"].list.map { Shape($0.ints) }
    var gradients = zip(shapes, fixture["gradients"][0].list).map { Tensor($0, $1.floats) }
    let norm = clip(&gradients, toGlobalNorm: Float(test["limit"].number))
    #expect(abs(norm - test["norm"].number) < 1e-6 * norm)
    expectClose(gradients.flatMap(\.elements), test["results"].numbers, relative: 1e-6, absolute: 1e-7)
    #expect(globalNorm(gradients) <= test["limit"].number * (1 + 1e-6))
  }

  @Test func valuesAreCut() {
    var gradients = [Tensor([2, 3], [-9, -5, 0, 5, 9, .infinity]), Tensor([2], [.nan, -.infinity]), Tensor([0])]
    clip(&gradients, toValue: 5)
    #expect(gradients[0].elements == [-5, -5, 0, 5, 5, 5] && gradients[1][0].isNaN && gradients[1][1] == -5)
  }

  @Test func gradientsWithoutANormStay() {
    var gradients = [Tensor([2], [3, .nan])]
    #expect(clip(&gradients, toGlobalNorm: 1).isNaN && gradients[0][0] == 3)
    gradients = [Tensor([2], [3, .infinity])]
    #expect(clip(&gradients, toGlobalNorm: 1) == .infinity && gradients[0][0] == 3)
    gradients = [Tensor([4])]
    #expect(clip(&gradients, toGlobalNorm: 1) == 0 && gradients[0].elements == [0, 0, 0, 0])
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    let tensors = [noise([8_193]), noise([3, 9_000], seed: 2), noise([1], seed: 3)]
    func run(_ threads: Int) -> ([UInt32], Double) {
      var gradients = tensors
      let norm = clip(&gradients, toGlobalNorm: 2, on: Processor(threadCount: threads))
      return (bits(gradients), norm)
    }
    let (one, norm) = run(1)
    for threads in [2, 3, 7] { #expect(run(threads) == (one, norm)) }
    let naive = tensors.flatMap(\.elements).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norm - naive) < 1e-10 * naive)
  }

  @Test(arguments: [0, 1, 7, 8, 9, 8_191, 8_192, 8_193, 16_385]) func productsAtTheEndsOfPieces(_ count: Int) {
    let x = noise([count]), y = noise([count], seed: 2), processor = Processor(threadCount: 2)
    let naive = zip(x.elements, y.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(dotProduct(x.span, y.span, on: processor) - naive) <= 1e-9 * (1 + abs(naive)))
    var sum = y
    sum.withMutableSpan { addScaled(0.5, x.span, to: &$0, on: processor) }
    #expect(sum.elements == zip(x.elements, y.elements).map { $1 + 0.5 * $0 })
    sum.withMutableSpan { scale(&$0, by: 3, clampedTo: -1...2, on: processor) }
    #expect(sum.elements == zip(x.elements, y.elements).map { min(max(3 * ($1 + 0.5 * $0), -1), 2) })
  }
}
