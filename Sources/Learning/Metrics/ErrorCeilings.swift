/// How much each cause of mistakes would give at best, were all its mistakes gone: the ceiling on what work on it can be worth.
public struct ErrorCeilings: Hashable, Sendable {
  public struct Cause: Hashable, Sendable {
    public let name: String
    /// The part of the error that is the cause's: what would be gone.
    public let reduction: Double
    /// That as a share of the error, from 0 to 1.
    public let share: Double
  }

  /// The error over all examples, in the unit of the causes' errors.
  public let error: Double
  /// Those that would give most first, equal ones by name.
  public let causes: [Cause]

  /// From the error of each cause. A mistake may have several, so they may add up to more than the whole.
  public init(error: Double, causes: [String: Double]) {
    self.error = error
    self.causes = causes.map { Cause(name: $0, reduction: $1, share: error > 0 ? $1 / error : 0) }
      .sorted { ($1.reduction, $0.name) < ($0.reduction, $1.name) }
  }

  /// From some mistakes that somebody looked at, each with the names of its causes; each counts as much as any other.
  public init(error: Double, taggedMistakes: [[String]]) {
    var counts: [String: Int] = [:]
    for tags in taggedMistakes { for tag in Set(tags) { counts[tag, default: 0] += 1 } }
    self.init(error: error, causes: counts.mapValues { error * Double($0) / Double(taggedMistakes.count) })
  }

  /// The cause that would give most; nil if there is none.
  public var largest: Cause? { causes.first }
}
