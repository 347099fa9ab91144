import Tensors
import Testing

@Suite struct TensorTests {
  @Test func copiesAreIndependent() {
    let original = Tensor([2, 3], [0, 1, 2, 3, 4, 5])
    var changed = original
    changed[1, 2] = 9
    #expect(original[1, 2] == 5 && changed[1, 2] == 9)
    #expect(original.reshaped([3, 2])[2, 1] == 5)
  }

  @Test func readsForeignMemoryAndCopiesItBeforeWriting() {
    final class Owner: Sendable {}
    let floats: [Float] = [1, 2, 3]
    floats.withUnsafeBufferPointer { buffer in
      let tensor = Tensor([3], readingFrom: buffer.baseAddress!, of: Owner())
      var changed = tensor
      changed[0] = 7
      #expect(tensor.elements == [1, 2, 3] && changed.elements == [7, 2, 3])
    }
    #expect(floats == [1, 2, 3])
  }

  @Test func shapes() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.count == 24 && shape.strides == [12, 4, 1] && shape[-1] == 4 && "\(shape)" == "2×3×4")
    #expect(Shape([Int]()).count == 1 && shape != [2, 3] && shape.hashValue == Shape([2, 3, 4]).hashValue)
    #expect(Tensor([0, 5]).elements == [])
  }

  @Test func aSeedFixesTheNumbers() {
    var first = RandomNumbers(seed: 42), second = RandomNumbers(seed: 42), other = RandomNumbers(seed: 43)
    let a = (0..<5).map { _ in first.next() }, b = (0..<5).map { _ in second.next() }, c = (0..<5).map { _ in other.next() }
    #expect(a == b && a != c)
  }

  @Test func numbersAreDistributedAsNamed() {
    var random = RandomNumbers(seed: 1)
    let normal = Tensor([20_000], normalWith: 2, using: &random).elements.map(Double.init)
    let mean = normal.reduce(0, +) / 20_000, variance = normal.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(mean) < 0.05 && abs(variance - 4) < 0.15)
    let uniform = Tensor([20_000], uniformIn: -1..<3, using: &random).elements
    #expect(uniform.allSatisfy { (-1..<3).contains($0) } && abs(uniform.reduce(0, +) / 20_000 - 1) < 0.05)
  }
}
