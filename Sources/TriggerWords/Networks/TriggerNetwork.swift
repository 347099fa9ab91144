public import Learning
public import Tensors

/// One of the networks that hear a phrase.
public enum TriggerNetwork: Module {
  case course(CourseNetwork)
  case causal(CausalNetwork)
  /// Causal networks that learned each from a beginning of its own; the logit is the mean of theirs.
  case committee([CausalNetwork])

  public enum Kind: String, Sendable, CaseIterable { case causal, course }

  /// A network that has learned nothing.
  ///
  /// - Parameter channels: of a causal network.
  public init(_ kind: Kind, channels: Int = CausalNetwork.usualChannels, using random: inout RandomNumbers) {
    switch kind {
    case .course: self = .course(CourseNetwork(using: &random))
    case .causal: self = .causal(CausalNetwork(bands: FrontEnd.mel.width, channels: channels, using: &random))
    }
  }

  public var kind: Kind {
    switch self {
    case .course: .course
    case .causal, .committee: .causal
    }
  }

  /// The networks that it is made of; those of one kind make a committee.
  public var members: [TriggerNetwork] {
    guard case .committee(let members) = self else { return [self] }
    return members.map { .causal($0) }
  }

  /// One network, or several causal ones that answer together.
  ///
  /// - Precondition: there is at least one, and only one if it is the course's.
  public init(_ members: [TriggerNetwork]) {
    guard members.count > 1 else {
      self = members[0]
      return
    }
    self = .committee(members.map { member in
      guard case .causal(let network) = member else { preconditionFailure("only causal networks make a committee") }
      return network
    })
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
    case .committee(let members): (members.map(\.context).max() ?? 0) + 2
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
    case .committee(let members): Self.mean(members.map { $0(x, phase: phase) })
    }
  }

  private static func mean(_ logits: [Node]) -> Node { logits.dropFirst().reduce(logits[0], +) * (1 / Float(logits.count)) }

  /// The frames of which a stream makes its next ``hop`` steps. The course's network hears all ten seconds anew, the causal one only what is new.
  var windowFrames: Int { (kind == .course ? context + hop : hop) * stride + overhang }

  /// What a stream carries from one window to the next.
  var carried: [Shape] {
    switch self {
    case .course: []
    case .causal(let network): network.carried
    case .committee(let members): members.flatMap(\.carried)
    }
  }

  /// The last ``hop`` logits of a window, and what is carried on.
  func callAsFunction(_ x: Node, after carried: [Node]) -> (logits: Node, carried: [Node]) {
    switch self {
    case .course(let network): (network(x, phase: .inference).slice(axis: 1, context..<context + hop), [])
    case .causal(let network): network(x, after: carried)
    case .committee(let members): Self.answer(of: members, x, after: carried)
    }
  }

  private static func answer(of members: [CausalNetwork], _ x: Node, after carried: [Node]) -> (logits: Node, carried: [Node]) {
    var rest = carried[...], logits: [Node] = [], next: [Node] = []
    for member in members {
      let (own, past) = member(x, after: Array(rest.prefix(member.carried.count)))
      rest = rest.dropFirst(member.carried.count)
      logits.append(own)
      next += past
    }
    return (mean(logits), next)
  }

  /// Rounds all numbers to halves, where none is too large for one: a file of half the size, and the same answers to three digits.
  public mutating func roundToHalves() {
    forEachParameter { _, parameter in
      let rounded = parameter.value.elements.map { Float(Float16($0)) }
      if rounded.allSatisfy(\.isFinite) { parameter.value = Tensor(parameter.value.shape, rounded) }
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
    case .committee(var members):
      try visitor.visit("members", &members)
      self = .committee(members)
    }
  }
}
