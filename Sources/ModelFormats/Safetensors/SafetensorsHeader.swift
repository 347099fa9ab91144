import Tensors

/// The header of a safetensors file: a JSON object of tensors by name, and texts by name under `__metadata__`.
///
/// ```json
/// {"__metadata__": {"step": "7"}, "weight": {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}}
/// ```
struct SafetensorsHeader {
  struct Entry {
    var name: String
    var kind: NumberKind
    var shape: Shape
    /// Where the numbers lie, counted from the end of the header.
    var range: Range<Int>
  }
  /// A problem, and the tensor it was found at.
  struct Problem: Error {
    var tensor: String?
    var text: String
  }

  private(set) var metadata: [String: String] = [:]
  /// In the order of their numbers.
  private(set) var entries: [Entry] = []

  /// - Parameter dataCount: the bytes that follow the header, which its tensors must cover without gap or overlap.
  init(_ json: ByteSlice, dataCount: Int) throws(Problem) {
    var parser = SafetensorsParser(json)
    var names: Set<String> = []
    var hasMetadata = false
    do throws(FormatProblem) {
      try parser.object { (parser, name) throws(FormatProblem) in
        if name == "__metadata__" {
          guard !hasMetadata else { throw FormatProblem("__metadata__ stands twice in the header") }
          hasMetadata = true
          try parser.object { (parser, key) throws(FormatProblem) in
            guard self.metadata.updateValue(try parser.string(), forKey: key) == nil else {
              throw FormatProblem("\(quoted(key)) stands twice in __metadata__")
            }
          }
          return
        }
        guard names.insert(name).inserted else { throw FormatProblem("the tensor \(quoted(name)) stands twice in the header") }
        self.entries.append(try parser.tensor(name))
      }
      try parser.finish()
    } catch {
      throw Problem(tensor: nil, text: error.text)
    }
    try arrange(dataCount)
  }

  /// Sorts the tensors by place and checks that each has the bytes that its shape needs, and all together the whole rest of the file.
  private mutating func arrange(_ dataCount: Int) throws(Problem) {
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      let needed = entry.shape.count * entry.kind.size
      guard entry.range.count == needed else {
        throw Problem(
          tensor: entry.name, text: "expected \(needed) bytes for the shape \(entry.shape), found data_offsets that span \(entry.range.count)")
      }
      guard entry.range.lowerBound == end else {
        throw Problem(tensor: entry.name, text: "expected data_offsets from \(end), the end of the tensor before, found \(entry.range.lowerBound)")
      }
      end = entry.range.upperBound
      guard end <= dataCount else {
        throw Problem(tensor: entry.name, text: "expected \(end) bytes of numbers, found \(dataCount): the file is not wholly downloaded, or damaged")
      }
    }
    guard end == dataCount else {
      throw Problem(tensor: nil, text: "expected \(end) bytes of numbers, found \(dataCount): the file holds something that its header does not name")
    }
  }
}
