public import Learning
public import Tensors

/// One of the networks that hear a phrase.
public enum TriggerNetwork: Module {
  case course(CourseNetwork)
  case causal(CausalNetwork)

  public enum Kind: String, Sendable, CaseIterable { case causal, course }

  /// A network that has learned nothing.
  public init(_ kind: Kind, using random: inout RandomNumbers) {
    switch kind {
    case .course: self = .course(CourseNetwork(using: &random))
    case .causal: self = .causal(CausalNetwork(bands: FrontEnd.mel.width, using: &random))
    }
  }

  public var kind: Kind {
    switch self {
    case .course: .course
    case .causal: .causal
    }
  }

  public var frontEnd: FrontEnd { kind == .course ? .course : .mel }

  /// Frames from a step to the next.
  public var stride: Int { kind == .course ? CourseNetwork.stride : CausalNetwork.stride }

  /// Seconds from a step to the next.
  public var stepSeconds: Double { Double(stride * frontEnd.hop) / Double(frontEnd.sampleRate) }

  /// How many frames more than stride · steps the network needs for as many steps.
  var overhang: Int { kind == .course ? CourseNetwork.kernel - CourseNetwork.stride : 0 }

  /// How many steps before its own matter to a step. A recurrent network could hear longer; ten seconds is what it learns from.
  public var context: Int {
    switch self {
    case .course: CourseNetwork.steps - Self.courseHop
    case .causal(let network): network.context + 2
    }
  }

  /// How many steps a stream computes at once.
  public var hop: Int { kind == .course ? Self.courseHop : 4 }
  private static let courseHop = 69

  /// - Parameter x: [batch, width of a frame, stride · steps + overhang].
  /// - Returns: logits, [batch, steps].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    switch self {
    case .course(let network): network(x, phase: phase)
    case .causal(let network): network(x, phase: phase)
    }
  }

  /// The frames of which a stream makes its next ``hop`` steps. The course's network hears all ten seconds anew, the causal one only what is new.
  var windowFrames: Int { (kind == .course ? context + hop : hop) * stride + overhang }

  /// What a stream carries from one window to the next.
  var carried: [Shape] {
    switch self {
    case .course: []
    case .causal(let network): network.carried
    }
  }

  /// The last ``hop`` logits of a window, and what is carried on.
  func callAsFunction(_ x: Node, after carried: [Node]) -> (logits: Node, carried: [Node]) {
    switch self {
    case .course(let network): (network(x, phase: .inference).slice(axis: 1, context..<context + hop), [])
    case .causal(let network): network(x, after: carried)
    }
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    switch self {
    case .course(var network):
      try network.visitParameters(&visitor)
      self = .course(network)
    case .causal(var network):
      try network.visitParameters(&visitor)
      self = .causal(network)
    }
  }
}
