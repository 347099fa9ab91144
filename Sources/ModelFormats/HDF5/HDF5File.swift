import Files
import Tensors

/// An HDF5 file: groups of data sets, with attributes. See `docs/formats/hdf5.md`.
///
/// Paths in the file are names joined by `/`; `""` is the outermost group.
///
/// ```swift
/// let file = try HDF5File("train_catvnoncat.h5")
/// let pictures = try file.array("train_set_x")  // [209, 64, 64, 3], bytes
/// let kernel = try HDF5File("vgg.weights.h5").tensor("block1/layers/conv2d/vars/0")
/// ```
public struct HDF5File: Sendable {
  public enum Kind: Sendable, Equatable {
    case group, dataset
    /// A soft or external link: never followed.
    case link
    /// A named type.
    case other
  }
  public struct Member: Sendable, Equatable {
    public var name: String
    public var kind: Kind

    public init(name: String, kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }

  public let path: String
  public let limits: HDF5Limits

  /// Looks at a file, which every call then opens anew.
  ///
  /// - Throws: ``HDF5Error`` when it cannot be read, is no HDF5 file, or libhdf5 is not installed.
  public init(_ path: String, limits: HDF5Limits = HDF5Limits()) throws(HDF5Error) {
    // Tells what the library's errors do not: no such file, a folder, no permission, a pipe, which opening would wait for.
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw .file(error) }
    guard HDF5File.hasSignature(ByteSlice(file)) else {
      throw .damaged(path: path, object: nil, problem: "expected an HDF5 file, found another or one that is not wholly downloaded")
    }
    do throws(HDF5Library.Failure) {
      try HDF5Library.open(path)
    } catch {
      throw HDF5File.error(error, path, nil, kind: "")
    }
    self.path = path
    self.limits = limits
  }

  /// What a group holds, in alphabetical order.
  ///
  /// - Throws: ``HDF5Error``.
  public func members(of group: String = "") throws(HDF5Error) -> [Member] {
    do throws(HDF5Library.Failure) {
      return try HDF5Library.members(path, group: group, limit: limits.members).map { Member(name: $0.name, kind: $0.kind) }
    } catch { throw HDF5File.error(error, path, group, kind: "a group of at most \(limits.members) members") }
  }

  /// The paths of all data sets in a group and the groups in it, in alphabetical order of the names on the way.
  ///
  /// - Throws: ``HDF5Error``; groups that hold themselves are nested more deeply than the limit.
  public func datasets(below group: String = "") throws(HDF5Error) -> [String] {
    var found: [String] = []
    var groups = 0
    func visit(_ group: String, depth: Int) throws(HDF5Error) {
      groups += 1
      guard depth <= limits.depth, groups <= limits.members else {
        throw .unsuitable(
          path: path, object: group, problem: "expected groups nested at most \(limits.depth) deep and \(limits.members) in all, found more")
      }
      for member in try members(of: group) {
        let place = group.isEmpty ? member.name : "\(group)/\(member.name)"
        if member.kind == .dataset { found.append(place) }
        if member.kind == .group { try visit(place, depth: depth + 1) }
      }
    }
    try visit(group, depth: 0)
    return found
  }

  /// The texts of an attribute of a group or data set, a list or a single one.
  ///
  /// - Throws: ``HDF5Error``.
  public func texts(ofAttribute attribute: String, at object: String = "") throws(HDF5Error) -> [String] {
    try texts(object, attribute: attribute, called: object.isEmpty ? "attribute \(attribute)" : "\(object), attribute \(attribute)")
  }

  /// The texts of a data set of texts, row-major.
  ///
  /// - Throws: ``HDF5Error``.
  public func texts(_ dataset: String) throws(HDF5Error) -> [String] { try texts(dataset, attribute: nil, called: dataset) }

  private func texts(_ object: String, attribute: String?, called name: String) throws(HDF5Error) -> [String] {
    let found: [String]?
    do throws(HDF5Library.Failure) {
      found = try HDF5Library.texts(path, object, attribute: attribute, limit: limits.textBytes)
    } catch { throw HDF5File.error(error, path, name, kind: "texts of at most \(limits.textBytes) bytes together") }
    guard let found else { throw .unsuitable(path: path, object: name, problem: "expected text in UTF-8, found other bytes") }
    return found
  }

  /// The file begins with 0x89 "HDF" CR LF 0x1A LF, at its beginning or at byte 512, 1024, 2048, …
  private static func hasSignature(_ bytes: ByteSlice) -> Bool {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    var place = 0
    while place < bytes.count {
      if bytes[place..<bytes.count].starts(with: signature) { return true }
      place = place == 0 ? 512 : 2 * place
    }
    return false
  }

  /// - Parameter kind: what was expected at `object`.
  private static func error(_ failure: HDF5Library.Failure, _ path: String, _ object: String?, kind: String) -> HDF5Error {
    let name = object.map { $0.isEmpty ? "/" : $0 } ?? "/"
    return switch failure {
    case .noLibrary(let reason): .noLibrary(reason: reason)
    case .damaged(let problem): .damaged(path: path, object: object.map { _ in name }, problem: "the file is damaged: \(problem)")
    case .missing: .missing(path: path, object: name)
    case .refused: .refused(path: path, object: name)
    case .otherKind: .unsuitable(path: path, object: name, problem: "expected \(kind), found something else")
    case .tooLarge: .unsuitable(path: path, object: name, problem: "expected \(kind), found more")
    }
  }
}

extension HDF5File {
  /// The sizes of a data set, outermost first.
  ///
  /// - Throws: ``HDF5Error``.
  public func shape(of dataset: String) throws(HDF5Error) -> Shape { try describe(dataset).shape }

  /// A data set of numbers, in the type that lies next to the file's.
  ///
  /// - Throws: ``HDF5Error`` when it is missing, no numbers, larger than the limit, or outside the file.
  public func array(_ dataset: String) throws(HDF5Error) -> StoredArray {
    let (shape, number) = try describe(dataset)
    do throws(HDF5Library.Failure) {
      let values: StoredArray.Values
      switch number {
      case .uint8:
        values = .bytes(try numbers(dataset, number, shape, as: UInt8.self))
      case .int64:
        values = .integers(try numbers(dataset, number, shape, as: Int.self))
      case .uint64:
        let found = try numbers(dataset, number, shape, as: Int.self)
        guard found.allSatisfy({ $0 >= 0 }) else {
          throw HDF5Library.Failure.damaged("found whole numbers of 2⁶³ and more, expected smaller ones")
        }
        values = .integers(found)
      case .float32:
        var tensor = Tensor(shape)
        try tensor.withMutableSpan { (span) throws(HDF5Library.Failure) in
          try unsafe span.withUnsafeMutableBytes { (target) throws(HDF5Library.Failure) in
            try unsafe HDF5Library.read(path, dataset, number, into: target)
          }
        }
        values = .floats(tensor)
      }
      return StoredArray(shape: shape, values: values)
    } catch { throw HDF5File.error(error, path, dataset, kind: "numbers of one kind") }
  }

  /// A data set of numbers as floats.
  ///
  /// - Throws: ``HDF5Error``; see ``array(_:)``.
  public func tensor(_ dataset: String) throws(HDF5Error) -> Tensor { try array(dataset).tensor }

  /// Shape and kind of number of a data set, whose bytes are below the limit.
  private func describe(_ dataset: String) throws(HDF5Error) -> (shape: Shape, number: HDF5Library.Number) {
    let description: HDF5Library.Description
    do throws(HDF5Library.Failure) {
      description = try HDF5Library.describe(path, dataset)
    } catch { throw HDF5File.error(error, path, dataset, kind: "a data set") }
    func unsuitable(_ problem: String) -> HDF5Error { .unsuitable(path: path, object: dataset, problem: problem) }
    guard let number = description.number else {
      throw unsuitable("expected whole or floating-point numbers, found texts, truth values, structures or others")
    }
    let shape: Shape
    do throws(FormatProblem) {
      shape = try checkedShape(description.sizes.map { Int(clamping: $0) })
    } catch { throw unsuitable(error.text) }
    let size = number == .uint8 ? 1 : number == .float32 ? 4 : 8
    guard shape.count <= limits.datasetBytes / size else {
      throw unsuitable("found \(shape) numbers of \(size) bytes, more than the limit of \(limits.datasetBytes) bytes")
    }
    return (shape, number)
  }

  private func numbers<Number: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ dataset: String, _ number: HDF5Library.Number, _ shape: Shape, as type: Number.Type
  ) throws(HDF5Library.Failure) -> [Number] {
    var numbers = [Number](repeating: 0, count: shape.count)
    var span = numbers.mutableSpan
    try unsafe span.withUnsafeMutableBytes { (target) throws(HDF5Library.Failure) in
      try unsafe HDF5Library.read(path, dataset, number, into: target)
    }
    return numbers
  }
}
