import Tensors

/// A value that does not change from run to run.
struct Constant: Operation {
  let name = "constant"
  let value: Tensor
  init(_ value: Tensor) { self.value = value }
  func shape(of inputs: [Shape]) -> Shape { value.shape }
  func prepare(at site: Site) -> KernelCall { preconditionFailure("a constant is not computed") }
}
