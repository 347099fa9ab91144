/// What a step of an optimiser does to one element: p its parameter, g the gradient there, the others what the optimiser remembers of it.
///
/// Factors that depend on the number of the step are computed once, by the caller.
public enum UpdateRule: Sendable, Equatable {
  /// p ← p − α g
  case descent(rate: Float)
  /// v ← μ v + s g; p ← p − α v, or with a look ahead p ← p − α (g + μ v).
  case momentum(rate: Float, momentum: Float, share: Float, looksAhead: Bool)
  /// q ← q + g²; p ← p − α g / (√q + ε)
  case adaGrad(rate: Float, epsilon: Float)
  /// q ← ρ q + (1 − ρ) g²; p ← p − α g / (√q + ε)
  case rootMeanSquare(rate: Float, decay: Float, share: Float, epsilon: Float)
  /// As ``rootMeanSquare(rate:decay:share:epsilon:)``, with v ← μ v + g / (√q + ε); p ← p − α v. If `isCentered`, m ← ρ m + (1 − ρ) g is the mean and
  /// q − m² stands for q under the root.
  case rootMeanSquareMomentum(rate: Float, decay: Float, share: Float, epsilon: Float, momentum: Float, isCentered: Bool)
  /// m ← β₁ m + (1 − β₁) g; q ← β₂ q + (1 − β₂) g²; p ← p − α m / (c √q + ε), where α and c hold the corrections of the step.
  case adam(rate: Float, decay1: Float, share1: Float, decay2: Float, share2: Float, rootFactor: Float, epsilon: Float)

  /// How many numbers are remembered of each parameter.
  public var memoryCount: Int {
    switch self {
    case .descent: 0
    case .momentum, .adaGrad, .rootMeanSquare: 1
    case .adam: 2
    case .rootMeanSquareMomentum(_, _, _, _, _, let isCentered): isCentered ? 3 : 2
    }
  }
}

/// One step of an optimiser: p ← rule(k p, g + λ p), element by element.
///
/// - Parameters:
///   - p, g: alike.
///   - memory: [``UpdateRule/memoryCount``][p.count], zeros before the first step.
///   - penalty: λ, the gradient of ½ λ p² for each element (L2).
///   - kept: k, what decay leaves of a parameter, beside its gradient.
public func update(
  _ p: inout MutableSpan<Float>, along g: Span<Float>, memory: inout MutableSpan<Float>, penalty: Float = 0, kept: Float = 1, _ rule: UpdateRule,
  on processor: Processor
) {
  precondition(g.count == p.count && memory.count == rule.memoryCount * p.count)
  let count = p.count
  p.withUnsafeMutableBufferPointer { p in
    g.withUnsafeBufferPointer { g in
      memory.withUnsafeMutableBufferPointer { memory in
        guard let p = p.baseAddress, let g = g.baseAddress else { return }
        let operands = UpdateOperands(p: p, g: g, memory: memory.baseAddress ?? p, count: count, penalty: penalty, kept: kept)
        switch rule {
        case .descent(let rate): operands.apply(DescentRule(rate: rate), on: processor)
        case .momentum(let rate, let momentum, let share, false):
          operands.apply(MomentumRule(rate: rate, momentum: momentum, share: share), on: processor)
        case .momentum(let rate, let momentum, let share, true):
          operands.apply(NesterovRule(rate: rate, momentum: momentum, share: share), on: processor)
        case .adaGrad(let rate, let epsilon): operands.apply(AdaGradRule(rate: rate, epsilon: epsilon), on: processor)
        case .rootMeanSquare(let rate, let decay, let share, let epsilon):
          operands.apply(RootMeanSquareRule(rate: rate, decay: decay, share: share, epsilon: epsilon), on: processor)
        case .rootMeanSquareMomentum(let rate, let decay, let share, let epsilon, let momentum, false):
          operands.apply(
            RootMeanSquareMomentumRule(rate: rate, decay: decay, share: share, epsilon: epsilon, momentum: momentum), on: processor)
        case .rootMeanSquareMomentum(let rate, let decay, let share, let epsilon, let momentum, true):
          operands.apply(CenteredRule(rate: rate, decay: decay, share: share, epsilon: epsilon, momentum: momentum), on: processor)
        case .adam(let rate, let decay1, let share1, let decay2, let share2, let rootFactor, let epsilon):
          operands.apply(
            AdamRule(rate: rate, decay1: decay1, share1: share1, decay2: decay2, share2: share2, rootFactor: rootFactor, epsilon: epsilon),
            on: processor)
        }
      }
    }
  }
}

/// A rule for one element, for the loop over all of them to be compiled for each rule by itself.
private protocol ElementRule {
  /// How many of the three numbers that `next` is handed are the rule's.
  static var memoryCount: Int { get }
  /// The parameter after a step, from what decay has left of it and the gradient with its penalty.
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float
}

/// √x, 0 of negative numbers and NaN. A root that may be of a negative number is a branch to the C library, and keeps the loop from being a vector's.
/// What is remembered becomes NaN by a gradient that is, together with the parameter, so nothing is hidden.
@inline(__always) private func root(_ x: Float) -> Float { (x > 0 ? x : 0).squareRoot() }

private struct DescentRule: ElementRule {
  static let memoryCount = 0
  let rate: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float { p - rate * g }
}

private struct MomentumRule: ElementRule {
  static let memoryCount = 1
  let rate, momentum, share: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float {
    memory.0 = momentum * memory.0 + share * g
    return p - rate * memory.0
  }
}

private struct NesterovRule: ElementRule {
  static let memoryCount = 1
  let rate, momentum, share: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float {
    memory.0 = momentum * memory.0 + share * g
    return p - rate * (g + momentum * memory.0)
  }
}

private struct AdaGradRule: ElementRule {
  static let memoryCount = 1
  let rate, epsilon: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float {
    memory.0 += g * g
    return p - rate * g / (root(memory.0) + epsilon)
  }
}

private struct RootMeanSquareRule: ElementRule {
  static let memoryCount = 1
  let rate, decay, share, epsilon: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float {
    memory.0 = decay * memory.0 + share * (g * g)
    return p - rate * g / (root(memory.0) + epsilon)
  }
}

private struct RootMeanSquareMomentumRule: ElementRule {
  static let memoryCount = 2
  let rate, decay, share, epsilon, momentum: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float {
    memory.0 = decay * memory.0 + share * (g * g)
    memory.1 = momentum * memory.1 + g / (root(memory.0) + epsilon)
    return p - rate * memory.1
  }
}

private struct CenteredRule: ElementRule {
  static let memoryCount = 3
  let rate, decay, share, epsilon, momentum: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float {
    memory.0 = decay * memory.0 + share * (g * g)
    memory.2 = decay * memory.2 + share * g
    memory.1 = momentum * memory.1 + g / (root(memory.0 - memory.2 * memory.2) + epsilon)  // rounding may leave less than nothing
    return p - rate * memory.1
  }
}

private struct AdamRule: ElementRule {
  static let memoryCount = 2
  let rate, decay1, share1, decay2, share2, rootFactor, epsilon: Float
  func next(_ p: Float, _ g: Float, _ memory: inout (Float, Float, Float)) -> Float {
    memory.0 = decay1 * memory.0 + share1 * g
    memory.1 = decay2 * memory.1 + share2 * (g * g)
    return p - rate * memory.0 / (root(memory.1) * rootFactor + epsilon)
  }
}

private struct UpdateOperands {
  let p: UnsafeMutablePointer<Float>
  let g: UnsafePointer<Float>
  let memory: UnsafeMutablePointer<Float>
  let count: Int
  let penalty, kept: Float

  private struct Work<Rule: ElementRule> {
    let operands: UpdateOperands
    let rule: Rule
  }

  func apply<Rule: ElementRule>(_ rule: Rule, on processor: Processor) {
    processor.threads.forEach(vectorPieces(count), Work(operands: self, rule: rule)) { work, _, piece in
      work.operands.apply(work.rule, vectorPiece(piece, of: work.operands.count))
    }
  }

  private func apply<Rule: ElementRule>(_ rule: Rule, _ range: Range<Int>) {
    let p = p, g = g, first = memory, second = memory + min(1, Rule.memoryCount) * count, third = second + count, penalty = penalty, kept = kept
    for index in range {
      var memory: (Float, Float, Float) = (0, 0, 0)
      if Rule.memoryCount > 0 { memory.0 = first[index] }
      if Rule.memoryCount > 1 { memory.1 = second[index] }
      if Rule.memoryCount > 2 { memory.2 = third[index] }
      let old = p[index]
      p[index] = rule.next(kept * old, g[index] + penalty * old, &memory)
      if Rule.memoryCount > 0 { first[index] = memory.0 }
      if Rule.memoryCount > 1 { second[index] = memory.1 }
      if Rule.memoryCount > 2 { third[index] = memory.2 }
    }
  }
}
