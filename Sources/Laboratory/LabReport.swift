public import Media

/// What an experiment has found: a table, further tables, and plots.
public struct LabReport: Sendable {
  public enum Value: Sendable, Equatable {
    case text(String)
    case number(Double, digits: Int)
    /// From 0 to 1, shown in percent.
    case part(Double)
  }
  /// A table beside the experiment's own, such as that of confusions.
  public struct Table: Sendable, Equatable {
    public let name: String
    public let columns: [String]
    public private(set) var rows: [[Value]] = []

    init(_ name: String, columns: [String]) {
      self.name = name
      self.columns = columns
    }

    mutating func add(_ values: [Value]) {
      precondition(values.count == columns.count, "\(columns.count) columns, \(values.count) values")
      rows.append(values)
    }
  }

  /// Where the examples are from: the files' names, or `generated`.
  public let data: String
  private var own: Table
  public var columns: [String] { own.columns }
  public var rows: [[Value]] { own.rows }
  public var tables: [Table] = []
  /// What the tables say, in a sentence or two, from their own numbers.
  public var conclusion = ""
  public private(set) var plots: [(name: String, image: Image)] = []

  init(data: String, columns: [String]) {
    self.data = data
    own = Table("", columns: columns)
  }

  mutating func add(_ values: Value...) { own.add(values) }

  /// The text of the first column in the row whose part in a column is the largest, and that part in percent: `L2 (93.5 %)`.
  func best(_ column: String) -> String {
    let index = columns.firstIndex(of: column)!
    func part(_ row: [Value]) -> Double { if case .part(let part) = row[index] { part } else { -1 } }
    guard let best = rows.max(by: { part($0) < part($1) }) else { return "nothing" }
    return "\(Self.text(best[0])) (\(percent(part(best))))"
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .text(let text): text
    case .number(let number, let digits): digits == 0 ? "\(Int(number))" : "\(number)"
    case .part(let part): "\(part)"
    }
  }

  /// - Throws: ``ImageError`` when the plot cannot be drawn.
  mutating func add(_ name: String, _ plot: Plot) throws(ImageError) { plots.append((name, try plot.image())) }
  mutating func add(_ name: String, _ image: Image) { plots.append((name, image)) }
}

/// A part of one in percent: `93.5 %`.
func percent(_ part: Double) -> String { "\((1000 * part).rounded() / 10) %" }
