import Files

/// One found object of COCO's results file: `{"image_id", "category_id", "bbox", "score"}`.
public struct CocoResult: Sendable, Hashable {
  public var pictureIdentifier: Int
  public var categoryIdentifier: Int
  /// In pixels.
  public var box: Box
  public var score: Double

  public init(pictureIdentifier: Int, categoryIdentifier: Int, box: Box, score: Double) {
    self.pictureIdentifier = pictureIdentifier
    self.categoryIdentifier = categoryIdentifier
    self.box = box
    self.score = score
  }
}

/// What a detector found in the pictures of a ``CocoDataset``: COCO's results file, a JSON list.
public struct CocoResults: Sendable, Hashable {
  public var results: [CocoResult]

  public init(_ results: [CocoResult]) { self.results = results }

  /// Reads the results file at `path`.
  ///
  /// - Throws: ``DetectionError`` when it cannot be read, is not JSON, or a value is missing or not what it should be, which it names.
  public init(path: String) throws(DetectionError) {
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch { throw .unreadable(error) }
    try self.init(json: bytes, file: path)
  }

  /// Reads a results file's content; `file` is named in errors.
  public init(json: [UInt8], file: String) throws(DetectionError) {
    var reader = JSONReader(json, file: file)
    results = try reader.list { (reader) throws(DetectionError) in try CocoResult(&reader) }
    try reader.finish()
  }

  /// The results file, a line for each object. Boxes are rounded to thousandths of a pixel; reading gives the same scores.
  public var json: String {
    let lines = results.map { result in
      let box = [result.box.x, result.box.y, result.box.width, result.box.height].map { "\(($0 * 1000).rounded() / 1000)" }
      return "{\"image_id\":\(result.pictureIdentifier),\"category_id\":\(result.categoryIdentifier),"
        + "\"bbox\":[\(box.joined(separator: ","))],\"score\":\(result.score)}"
    }
    return lines.isEmpty ? "[]\n" : "[\n" + lines.joined(separator: ",\n") + "\n]\n"
  }
}

extension CocoResult {
  fileprivate init(_ reader: inout JSONReader) throws(DetectionError) {
    var picture: Int? = nil, category: Int? = nil, box: Box? = nil, score: Double? = nil
    try reader.object { (reader, key) throws(DetectionError) in
      switch key {
      case "image_id": picture = try reader.wholeNumber()
      case "category_id": category = try reader.wholeNumber()
      case "bbox": box = try reader.cocoBox()
      case "score": score = try reader.number()
      default: try reader.skip()
      }
    }
    self.init(
      pictureIdentifier: try reader.required(picture, "image_id"), categoryIdentifier: try reader.required(category, "category_id"),
      box: try reader.required(box, "bbox"), score: try reader.required(score, "score"))
  }
}
