import Files

/// Pictures with the objects in them: COCO's annotation file for object detection.
///
/// Format: the "Data format" page of the COCO data set, section "Object detection". Of an annotation `image_id`, `category_id` and `bbox` must be there;
/// `area` is the box's own when it is missing, and `iscrowd` 0. Masks are not read.
public struct CocoDataset: Sendable, Hashable {
  public struct Picture: Sendable, Hashable {
    public var identifier: Int
    /// `file_name`
    public var fileName: String

    public init(identifier: Int, fileName: String) {
      self.identifier = identifier
      self.fileName = fileName
    }
  }

  public struct Category: Sendable, Hashable {
    /// Any number: COCO's own 80 identifiers lie between 1 and 90.
    public var identifier: Int
    public var name: String

    public init(identifier: Int, name: String) {
      self.identifier = identifier
      self.name = name
    }
  }

  public struct Annotation: Sendable, Hashable {
    public var pictureIdentifier: Int
    public var categoryIdentifier: Int
    /// In pixels.
    public var box: Box
    /// Of the object's outline, in pixels: at most the box's.
    public var area: Double
    /// Whether the box holds a group of objects that are not outlined singly.
    public var isCrowd: Bool

    public init(pictureIdentifier: Int, categoryIdentifier: Int, box: Box, area: Double? = nil, isCrowd: Bool = false) {
      self.pictureIdentifier = pictureIdentifier
      self.categoryIdentifier = categoryIdentifier
      self.box = box
      self.area = area ?? box.area
      self.isCrowd = isCrowd
    }
  }

  public var pictures: [Picture]
  public var categories: [Category]
  /// Annotations of pictures or categories that are not listed do not count, as in pycocotools: a shorter list of pictures selects a part of the data set.
  public var annotations: [Annotation]

  public init(pictures: [Picture], categories: [Category], annotations: [Annotation]) {
    self.pictures = pictures
    self.categories = categories
    self.annotations = annotations
  }

  /// Reads the annotation file at `path`.
  ///
  /// - Throws: ``DetectionError`` when it cannot be read, is not JSON, or a value is missing or not what it should be, which it names.
  public init(path: String) throws(DetectionError) {
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch { throw .unreadable(error) }
    try self.init(json: bytes, file: path)
  }

  /// Reads an annotation file's content; `file` is named in errors.
  public init(json: [UInt8], file: String) throws(DetectionError) {
    var reader = JSONReader(json, file: file)
    var pictures: [Picture]? = nil, categories: [Category]? = nil, annotations: [Annotation]? = nil
    try reader.object { (reader, key) throws(DetectionError) in
      switch key {
      case "images": pictures = try reader.list { (reader) throws(DetectionError) in try Picture(&reader) }
      case "categories": categories = try reader.list { (reader) throws(DetectionError) in try Category(&reader) }
      case "annotations": annotations = try reader.list { (reader) throws(DetectionError) in try Annotation(&reader) }
      default: try reader.skip()
      }
    }
    try reader.finish()
    self.init(
      pictures: try reader.required(pictures, "images"), categories: try reader.required(categories, "categories"),
      annotations: try reader.required(annotations, "annotations"))
    if let twice = repeated(self.pictures.map(\.identifier)) { throw reader.problem("two images have the id \(twice)") }
    if let twice = repeated(self.categories.map(\.identifier)) { throw reader.problem("two categories have the id \(twice)") }
  }
}

private func repeated(_ identifiers: [Int]) -> Int? {
  var seen: Set<Int> = []
  return identifiers.first { !seen.insert($0).inserted }
}

extension CocoDataset.Picture {
  fileprivate init(_ reader: inout JSONReader) throws(DetectionError) {
    var identifier: Int? = nil, fileName = ""  // results are counted without the pictures
    try reader.object { (reader, key) throws(DetectionError) in
      switch key {
      case "id": identifier = try reader.wholeNumber()
      case "file_name": fileName = try reader.text()
      default: try reader.skip()
      }
    }
    self.init(identifier: try reader.required(identifier, "id"), fileName: fileName)
  }
}

extension CocoDataset.Category {
  fileprivate init(_ reader: inout JSONReader) throws(DetectionError) {
    var identifier: Int? = nil, name: String? = nil
    try reader.object { (reader, key) throws(DetectionError) in
      switch key {
      case "id": identifier = try reader.wholeNumber()
      case "name": name = try reader.text()
      default: try reader.skip()
      }
    }
    let number = try reader.required(identifier, "id")
    self.init(identifier: number, name: name ?? "category \(number)")
  }
}

extension CocoDataset.Annotation {
  fileprivate init(_ reader: inout JSONReader) throws(DetectionError) {
    var picture: Int? = nil, category: Int? = nil, box: Box? = nil, area: Double? = nil, isCrowd = false
    try reader.object { (reader, key) throws(DetectionError) in
      switch key {
      case "image_id": picture = try reader.wholeNumber()
      case "category_id": category = try reader.wholeNumber()
      case "bbox": box = try reader.cocoBox()
      case "area": area = reader.isNull() ? nil : try reader.number()
      case "iscrowd": isCrowd = reader.isNull() ? false : try reader.flag()
      default: try reader.skip()
      }
    }
    self.init(
      pictureIdentifier: try reader.required(picture, "image_id"), categoryIdentifier: try reader.required(category, "category_id"),
      box: try reader.required(box, "bbox"), area: area, isCrowd: isCrowd)
  }
}
