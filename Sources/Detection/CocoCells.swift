/// Annotations and results sorted by category and picture.
struct CocoCells {
  private let annotations: Cells<CocoDataset.Annotation>
  private let results: Cells<CocoResult>

  /// - Throws: ``DetectionError/malformed(file:problem:)`` when a result is of a picture that the data set does not list.
  init(_ results: CocoResults, _ dataset: CocoDataset, file: String) throws(DetectionError) {
    let pictures = Set(dataset.pictures.map(\.identifier))
    if let index = results.results.firstIndex(where: { !pictures.contains($0.pictureIdentifier) }) {
      throw .malformed(
        file: file,
        problem: "[\(index)].image_id is \(results.results[index].pictureIdentifier), which the annotations do not list; "
          + "expected results of the same pictures")
    }
    annotations = Cells(
      dataset.annotations.filter { pictures.contains($0.pictureIdentifier) }, category: \.categoryIdentifier, picture: \.pictureIdentifier)
    self.results = Cells(results.results, category: \.categoryIdentifier, picture: \.pictureIdentifier)
  }

  /// All pictures of one category, by identifier.
  func matching(category: Int) -> CocoMatching {
    let annotations = annotations.pictures(ofCategory: category), results = results.pictures(ofCategory: category)
    var matching = CocoMatching()
    var a = annotations.startIndex, r = results.startIndex
    while a < annotations.endIndex || r < results.endIndex {
      let picture = min(a < annotations.endIndex ? annotations[a].picture : .max, r < results.endIndex ? results[r].picture : .max)
      let hasAnnotations = a < annotations.endIndex && annotations[a].picture == picture
      let hasResults = r < results.endIndex && results[r].picture == picture
      matching.add(
        annotations: hasAnnotations ? self.annotations.items(annotations[a].items) : [],
        results: hasResults ? self.results.items(results[r].items) : [])
      if hasAnnotations { a += 1 }
      if hasResults { r += 1 }
    }
    return matching
  }
}

/// Items in the order of category, picture and, within a picture, as they came.
private struct Cells<Item> {
  typealias Cell = (picture: Int, items: Range<Int>)

  private var sorted: [Item] = []
  private var cells: [Cell] = []
  /// The cells of each category.
  private var categories: [Int: Range<Int>] = [:]

  init(_ items: [Item], category: (Item) -> Int, picture: (Item) -> Int) {
    typealias Key = (category: Int, picture: Int, index: Int)
    let keys = items.indices.map { index -> Key in (category(items[index]), picture(items[index]), index) }
      .sorted { ($0.category, $0.picture, $0.index) < ($1.category, $1.picture, $1.index) }
    sorted = keys.map { items[$0.index] }
    var start = 0
    for end in 1..<max(keys.count + 1, 1) {
      let current = keys[start]
      if end < keys.count && keys[end].category == current.category && keys[end].picture == current.picture { continue }
      categories[current.category] = (categories[current.category]?.lowerBound ?? cells.count)..<cells.count + 1
      cells.append((current.picture, start..<end))
      start = end
    }
  }

  /// By picture.
  func pictures(ofCategory category: Int) -> ArraySlice<Cell> { cells[categories[category] ?? 0..<0] }

  func items(_ range: Range<Int>) -> [Item] { Array(sorted[range]) }
}
