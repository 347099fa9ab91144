import Kernels
import Tensors

/// Where a node's operands lie when its kernel is prepared.
public struct Site: Sendable {
  public var inputs: [Tensor] = []
}

/// A kernel with everything but the memory it works on.
public struct KernelCall: Sendable {}

extension Operation {
  public func prepare(at site: Site) -> KernelCall { preconditionFailure("being written") }
}
