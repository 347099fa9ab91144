import Glibc
import Tensors

/// The hyper-parameters that are looked for, and what each may be.
///
///     let space = try SearchSpace([
///       ("rate", .logarithmic(1e-4...1)), ("units", .integers(10...100)), ("optimiser", .choices([.text("adam"), .text("momentum")])),
///     ])
///     for trial in space.random(20, seed: 1) { … trial["rate"] … }
public struct SearchSpace: Sendable {
  public let names: [String]
  let domains: [SearchDomain]

  /// - Throws: ``SearchError`` if a name is there twice, or a domain is empty or not of numbers that its scale has.
  public init(_ parameters: [(name: String, domain: SearchDomain)]) throws(SearchError) {
    names = parameters.map(\.name)
    domains = parameters.map(\.domain)
    for (index, parameter) in parameters.enumerated() {
      if names[..<index].contains(parameter.name) { throw .repeatedName(parameter.name) }
      try parameter.domain.check(parameter.name)
    }
  }

  /// More trials than this are a mistake in a grid.
  public static let gridLimit = 1_000_000

  /// Every combination of `pointsEach` points of each domain, or all of a domain that has fewer; the last parameter changes fastest.
  public func grid(pointsEach: Int) throws(SearchError) -> [Trial] {
    precondition(pointsEach > 0, "a grid has at least one point of each parameter")
    let points = domains.map { $0.points(min(pointsEach, Self.gridLimit + 1)) }
    var count = 1
    for points in points {
      let (product, overflow) = count.multipliedReportingOverflow(by: points.count)
      if overflow || product > Self.gridLimit { throw .tooManyTrials(limit: Self.gridLimit) }
      count = product
    }
    return (0..<count).map { number in
      var rest = number, values: [SearchValue] = []
      for points in points.reversed() {
        values.append(points[rest % points.count])
        rest /= points.count
      }
      return Trial(number: number, names: names, values: values.reversed())
    }
  }

  /// Trials drawn at random, evenly on each domain's scale: Bergstra and Bengio, "Random search for hyper-parameter optimization", 2012.
  ///
  /// Each trial follows from the seed and its number alone, so that more of them begin with the same.
  public func random(_ count: Int, seed: UInt64) -> [Trial] {
    (0..<count).map { number in
      var random = RandomNumbers(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
      return Trial(number: number, names: names, values: domains.map { $0.value(using: &random) })
    }
  }
}

/// One choice of all hyper-parameters.
public struct Trial: Hashable, Sendable {
  /// Its place in the order of trials, from 0.
  public let number: Int
  public let names: [String]
  public let values: [SearchValue]

  /// The value of a parameter.
  ///
  /// - Precondition: the space has a parameter of this name.
  public subscript(name: String) -> SearchValue {
    guard let index = names.firstIndex(of: name) else { preconditionFailure("no parameter is called \(name); there are \(names)") }
    return values[index]
  }
}

/// What a hyper-parameter may be set to.
public enum SearchValue: Hashable, Sendable, CustomStringConvertible {
  case number(Double)
  case text(String)

  /// The number; NaN of a text.
  public var number: Double { if case .number(let number) = self { number } else { .nan } }

  public var description: String {
    switch self {
    case .text(let text): text
    case .number(let number): abs(number) < 1e15 && number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
  }
}

/// Why a search cannot be made.
public enum SearchError: Error, Equatable, CustomStringConvertible {
  case repeatedName(String)
  case noChoices(name: String)
  case notFinite(name: String)
  case notPositive(name: String, found: Double)
  case tooManyTrials(limit: Int)

  public var description: String {
    switch self {
    case .repeatedName(let name): "the parameter \(name) is there twice; give each one a name of its own"
    case .noChoices(let name): "the parameter \(name) has no choices; name at least one"
    case .notFinite(let name): "the range of \(name) is not of finite numbers; name its ends"
    case .notPositive(let name, let found):
      "the range of \(name) begins at \(found), but a logarithmic scale has only numbers above 0; begin above it"
    case .tooManyTrials(let limit): "the grid has more than \(limit) combinations; take fewer points or parameters, or a random search"
    }
  }
}
