import Media
import ModelFormats
import Tensors

extension PictureSet {
  /// The course's HDF5 files: `train_set_x` or the like [count, height, width, 3], `train_set_y`, and names or numbers in `list_classes`.
  init(hdf5 path: String) throws(PictureSetError) {
    let pictures: StoredArray, labels: StoredArray, classes: [String]?
    do throws(HDF5Error) {
      let file = try HDF5File(path), names = try file.datasets()
      let x = try Self.single(names, path, "an array of pictures whose name ends in x") { $0.lowercased().hasSuffix("x") }
      let y = try Self.single(names, path, "an array of labels whose name ends in y") { $0.lowercased().hasSuffix("y") }
      pictures = try file.array(x)
      labels = try file.array(y)
      classes = names.contains("list_classes") ? try Self.classNames(of: file) : nil
    } catch { throw .hdf5(error) }
    try self.init(pictures, labels, classes: classes, path: path)
  }

  /// NumPy's archives: an array whose name begins with `x`, of bytes [count, height, width, 3] or, grey, [count, height, width], and one that begins with `y`.
  init(numpy path: String) throws(PictureSetError) {
    let pictures: StoredArray, labels: StoredArray
    do throws(NumPyError) {
      let archive = try NumPyArchive(path)
      func name(_ letter: String) throws(NumPyError) -> String {
        guard let name = archive.names.first(where: { $0.lowercased().hasPrefix(letter) }) else {
          throw .missing(path: path, array: "\(letter)…", names: archive.names)
        }
        return name
      }
      pictures = try archive.array(name("x"))
      labels = try archive.array(name("y"))
    } catch { throw .numpy(error) }
    try self.init(pictures, labels, classes: nil, path: path)
  }

  private init(_ pictures: StoredArray, _ labels: StoredArray, classes: [String]?, path: String) throws(PictureSetError) {
    let shape = pictures.shape, isGrey = shape.rank == 3
    guard isGrey || shape.rank == 4 && shape[3] == 3, shape[0] > 0, shape[1] > 0, shape[2] > 0, let bytes = pictures.bytes else {
      throw .content(path: path, found: "pictures of \(shape)\(pictures.bytes == nil ? ", no bytes" : "")", expected: "bytes [count, height, width, 3]")
    }
    guard let numbers = labels.integers, numbers.count == shape[0], let largest = numbers.max(), numbers.allSatisfy({ $0 >= 0 && $0 < 10_000 }) else {
      throw .content(path: path, found: "labels of \(labels.shape)", expected: "\(shape[0]) whole numbers from 0 to 9,999, one a picture")
    }
    let names = classes ?? (0...largest).map { "\($0)" }
    guard largest < names.count, names.count >= 2 else {
      throw .content(path: path, found: "labels up to \(largest), and names of \(names.count) classes", expected: "a name for each of two classes or more")
    }
    self.init(classes: names, width: shape[2], height: shape[1], source: path)
    let size = shape[1] * shape[2] * (isGrey ? 1 : 3)
    for (index, label) in numbers.enumerated() {
      let own = bytes[index * size..<(index + 1) * size]
      let image = Image(width: shape[2], height: shape[1], pixels: isGrey ? own.flatMap { [$0, $0, $0] } : Array(own))
      add(image, label: label, name: "\(index)")
    }
  }

  private static func single(
    _ names: [String], _ path: String, _ expected: String, where isWanted: (String) -> Bool
  ) throws(HDF5Error) -> String {
    let found = names.filter(isWanted)
    guard found.count == 1 else {
      throw .unsuitable(path: path, object: "/", problem: "expected \(expected), found \(found.isEmpty ? "none" : found.joined(separator: " and "))")
    }
    return found[0]
  }

  /// Texts, or numbers as texts.
  private static func classNames(of file: HDF5File) throws(HDF5Error) -> [String] {
    do throws(HDF5Error) { return try file.texts("list_classes") } catch {
      guard let numbers = try file.array("list_classes").integers else { throw error }
      return numbers.map { "\($0)" }
    }
  }
}
