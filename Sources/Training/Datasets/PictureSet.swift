public import Media
public import Tensors

/// Labelled pictures of one size, in memory as bytes.
///
/// ```swift
/// let pictures = try PictureSet.load("train_catvnoncat.h5")
/// let x = pictures.inputs([0, 1, 2])  // [3, 3, 64, 64], from 0 to 255
/// ```
public struct PictureSet: Sendable {
  /// The names of the classes; labels are their numbers.
  public private(set) var classes: [String]
  public private(set) var labels: [Int] = []
  /// The path of each picture, or its number in the file.
  public private(set) var names: [String] = []
  public let width, height: Int
  /// Where the pictures are from.
  public let source: String
  /// Whether ``names`` are paths of files.
  public internal(set) var isOfFiles = false
  /// What could not be read, as sentences.
  public internal(set) var failures: [String] = []
  /// count × height × width × 3
  private var pixels: [UInt8] = []

  public init(classes: [String], width: Int, height: Int, source: String) {
    self.classes = classes
    self.width = width
    self.height = height
    self.source = source
  }

  public var count: Int { labels.count }

  /// - Precondition: the picture has the set's size and no alpha, and the label is a class's.
  public mutating func add(_ image: Image, label: Int, name: String) {
    precondition(image.width == width && image.height == height && image.layout == .rgb && classes.indices.contains(label))
    pixels += image.pixels
    labels.append(label)
    names.append(name)
  }

  public func image(_ index: Int) -> Image {
    let size = width * height * 3
    return Image(width: width, height: height, pixels: Array(pixels[index * size..<(index + 1) * size]))
  }

  /// The pictures with these numbers, in this order.
  public func subset(_ indices: [Int]) -> PictureSet {
    var result = PictureSet(classes: classes, width: width, height: height, source: source)
    let size = width * height * 3
    result.pixels.reserveCapacity(indices.count * size)
    for index in indices {
      result.pixels += pixels[index * size..<(index + 1) * size]
      result.labels.append(labels[index])
      result.names.append(names[index])
    }
    result.isOfFiles = isOfFiles
    return result
  }

  /// The same pictures, one of their classes under another name.
  public func naming(_ label: Int, _ name: String) -> PictureSet {
    var result = self
    result.classes[label] = name
    return result
  }

  /// A number that other pictures, or other labels of them, do not give: FNV-1a (Fowler, Noll and Vo) of all bytes and labels.
  public var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in pixels { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for label in labels { hash = (hash ^ UInt64(label)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }

  /// The middle squares of all pictures at another size.
  public func squared(side: Int) -> PictureSet {
    if width == side && height == side { return self }
    var result = PictureSet(classes: classes, width: side, height: side, source: source)
    for index in labels.indices { result.add(image(index).squared(side: side), label: labels[index], name: names[index]) }
    result.failures = failures
    result.isOfFiles = isOfFiles
    return result
  }

  /// Pictures as a network takes them: [count, 3, height, width], from 0 to 255.
  public func inputs(_ indices: [Int]) -> Tensor {
    let size = width * height
    var result = Tensor([indices.count, 3, height, width])
    result.withMutableSpan { target in
      for (place, index) in indices.enumerated() {
        for pixel in 0..<size {
          for channel in 0..<3 { target[(place * 3 + channel) * size + pixel] = Float(pixels[(index * size + pixel) * 3 + channel]) }
        }
      }
    }
    return result
  }
}

extension Image {
  /// The middle square of the picture, at `side` pixels: what a classifier sees of it. Without alpha.
  public func squared(side: Int) -> Image {
    let short = min(width, height)
    let square = cropped(x: (width - short) / 2, y: (height - short) / 2, width: short, height: short) ?? self
    return square.resized(width: side, height: side, by: short > side ? .areaAverage : .bilinear)
  }
}
