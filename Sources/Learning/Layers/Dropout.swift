import Graphs

/// In training each element is 0 with a probability of `rate`, and else divided by what is left (Srivastava et al. 2014).
public struct Dropout: Layer {
  public let rate: Float

  public init(_ rate: Float) {
    precondition(rate >= 0 && rate < 1, "a rate from 0 to 1, found \(rate)")
    self.rate = rate
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    phase == .training && rate > 0 ? x.applying(ElementDropout(keep: 1 - rate), x.recorder.seeds()) : x
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}
