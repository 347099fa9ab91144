import Tensors

/// A value that each run of a program is given.
struct Input: Operation {
  let name = "input"
  func shape(of inputs: [Shape]) -> Shape { preconditionFailure("the shape of an input is given, not inferred") }
  func prepare(at site: Site) -> KernelCall { preconditionFailure("an input is not computed") }
}
