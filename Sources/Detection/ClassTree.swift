/// A hierarchy of classes, as in YOLO9000's WordTree: each class has a parent, or is a root.
///
/// Siblings exclude each other: a network gives them values whose softmax is `P(class | parent)`.
public struct ClassTree: Sendable, Hashable {
  /// Classes that share a parent: a run of neighbours in the list of classes.
  private let groups: [Range<Int>]
  /// The group of a class's children; the roots are group 0.
  private let children: [Int?]

  public var count: Int { children.count }

  /// - Parameters:
  ///   - parents: For each class the index of its parent, which comes before it, or nil for a root. Siblings are neighbours; a root comes first.
  ///   - file: Named in errors.
  /// - Throws: ``DetectionError/malformed(file:problem:)`` when the list is not so.
  public init(parents: [Int?], file: String) throws(DetectionError) {
    var groups: [Range<Int>] = [], children = [Int?](repeating: nil, count: parents.count)
    var start = 0, hasRoots = false
    while start < parents.count {
      let parent = parents[start]
      let end = parents[start...].firstIndex { $0 != parent } ?? parents.count
      if let parent {
        guard (0..<start).contains(parent) else {
          throw .malformed(file: file, problem: "line \(start + 1) names parent \(parent), expected a line before it, numbered from 0, or -1")
        }
        guard children[parent] == nil else {
          throw .malformed(file: file, problem: "line \(start + 1): the children of \(parent) are not on neighbouring lines")
        }
        children[parent] = groups.count
      } else {
        guard !hasRoots && start == 0 else {
          throw .malformed(file: file, problem: "line \(start + 1): roots (parent -1) are expected together on the first lines")
        }
        hasRoots = true
      }
      groups.append(start..<end)
      start = end
    }
    guard hasRoots else { throw .malformed(file: file, problem: "found no root (parent -1) on the first line") }
    self.groups = groups
    self.children = children
  }

  /// Reads Darknet's tree file: a line for each class with its name and the line of its parent, numbered from 0, or -1.
  ///
  /// - Throws: ``DetectionError/malformed(file:problem:)`` naming the line.
  public init(text: String, file: String) throws(DetectionError) {
    var parents: [Int?] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count == 2, let parent = Int(words[1]), parent >= -1 else {
        throw .malformed(
          file: file, problem: "line \(parents.count + 1): found \"\(line.prefix(40))\", expected a name and the number of its parent (or -1)")
      }
      parents.append(parent < 0 ? nil : parent)
    }
    try self.init(parents: parents, file: file)
  }

  /// The class that the likeliest path from the root ends at, with `P = Π P(class | parent)` along the path; nil when a value is not a number.
  ///
  /// - Parameter values: One a class, before the softmax; used as working space.
  func likeliest(from values: inout [Float], threshold: Float) -> (classIndex: Int, probability: Float)? {
    var best: (classIndex: Int, probability: Float)? = nil
    var next: Int? = 0
    while let group = next {
      applySoftmax(&values, over: groups[group])
      guard let child = groups[group].max(by: { values[$0] < values[$1] }), values[child].isFinite else { return best }
      let probability = (best?.probability ?? 1) * values[child]
      if best != nil && !(probability > threshold) { return best }
      best = (child, probability)
      next = children[child]
    }
    return best
  }
}
