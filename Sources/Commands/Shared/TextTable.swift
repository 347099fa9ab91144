/// Lines of cells in columns of fixed width, printed one by one as their contents become known.
struct TextTable {
  enum Column {
    case text(Int)
    case number(Int)
  }
  /// Each column's kind and width; wider contents push what follows to the right.
  let columns: [Column]

  func line(_ cells: [String]) -> String {
    let padded = zip(columns, cells).map { column, cell in
      switch column {
      case .text(let width): cell + String(repeating: " ", count: max(0, width - cell.count))
      case .number(let width): String(repeating: " ", count: max(0, width - cell.count)) + cell
      }
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }
}
