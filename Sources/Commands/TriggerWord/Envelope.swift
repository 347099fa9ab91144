/// The least and the largest of numbers that come one after another, in columns, in constant memory: when there are more columns than a picture shows, two
/// neighbours become one.
struct Envelope {
  private(set) var columns: [ClosedRange<Float>] = []
  private(set) var count = 0
  private var perColumn: Int
  private static let mostColumns = 4096

  /// - Parameter perColumn: how many numbers a column begins with.
  init(perColumn: Int = 1) { self.perColumn = perColumn }

  mutating func push(_ values: [Float]) {
    for value in values {
      let column = count / perColumn
      if column == columns.count { columns.append(value...value) } else {
        columns[column] = min(columns[column].lowerBound, value)...max(columns[column].upperBound, value)
      }
      count += 1
      if count == Envelope.mostColumns * perColumn { halve() }
    }
  }

  private mutating func halve() {
    columns = stride(from: 0, to: columns.count, by: 2).map { index in
      let (a, b) = (columns[index], columns[index + 1])
      return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    }
    perColumn *= 2
  }

  /// The least and the largest of the columns that the part `range` of `total` numbers touches; nil where there are none.
  func range(of part: Range<Double>, total: Double) -> ClosedRange<Float>? {
    let first = Int(part.lowerBound * total) / perColumn, last = Int((part.upperBound * total).rounded(.up)) / perColumn
    let touched = columns[min(first, columns.count)..<min(max(last, first + 1), columns.count)]
    guard let low = touched.map(\.lowerBound).min(), let high = touched.map(\.upperBound).max() else { return nil }
    return low...high
  }
}
