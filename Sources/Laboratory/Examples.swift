public import Files
import Learning
public import ModelFormats
import Tensors

/// Examples with two classes: numbers of each, and 1 or 0.
struct Examples {
  /// [examples, features], and [examples, 1].
  let x, y: Tensor
  /// Where they are from.
  let source: String

  var count: Int { x.shape[0] }

  init(x: Tensor, y: Tensor, source: String) {
    self.x = x
    self.y = y
    self.source = source
  }

  /// Two features and a class a line.
  init(table path: String) throws(ExamplesError) {
    let table: CSVTable
    do throws(CSVError) { table = try CSVTable.load(path) } catch { throw .table(error) }
    let numbers = table.numbers, rows = numbers.shape[0]
    guard numbers.shape[1] == 3 else { throw .shape(file: path, found: "\(numbers.shape[1]) columns", expected: "3: two features and a class") }
    let elements = numbers.elements, classes = (0..<rows).map { elements[3 * $0 + 2] }
    guard classes.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw .shape(file: path, found: "other classes", expected: "0 or 1 in the third column") }
    self.init(
      x: Tensor([rows, 2], (0..<rows).flatMap { elements[3 * $0..<3 * $0 + 2] }), y: Tensor([rows, 1], classes), source: lastComponent(path))
  }

  /// Pictures and classes of the course's HDF5 files: `train_set_x` [count, height, width, 3] and `train_set_y`, or `test_…`; numbers from 0 to 1.
  init(pictures path: String, set: String) throws(ExamplesError) {
    let pictures: StoredArray, classes: [Int]?
    do throws(HDF5Error) {
      let file = try HDF5File(path)
      pictures = try file.array("\(set)_set_x")
      classes = try file.array("\(set)_set_y").integers
    } catch { throw .pictures(error) }
    guard pictures.shape.rank == 4, let bytes = pictures.bytes, let classes, classes.count == pictures.shape[0], classes.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw .shape(file: path, found: "\(pictures.shape)", expected: "pictures [count, height, width, 3] of bytes, and as many classes 0 or 1")
    }
    self.init(
      x: Tensor([classes.count, bytes.count / classes.count], bytes.map { Float($0) / 255 }), y: Tensor([classes.count, 1], classes.map(Float.init)),
      source: lastComponent(path))
  }
}

/// Why examples cannot be had.
public enum ExamplesError: Error, CustomStringConvertible {
  case file(FileError)
  case table(CSVError)
  case pictures(HDF5Error)
  case archive(NumPyError)
  case shape(file: String, found: String, expected: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .table(let error): error.description
    case .pictures(let error): error.description
    case .archive(let error): error.description
    case .shape(let file, let found, let expected): "\(file): found \(found), expected \(expected)"
    }
  }
}

extension LabBench {
  /// The examples of a file in the folder; generated ones without a folder.
  func examples(_ file: String, else generated: (inout RandomNumbers) -> Examples) throws(ExamplesError) -> Examples {
    if let folder { return try Examples(table: "\(folder)/\(file)") }
    var random = RandomNumbers(seed: seed &* 31 &+ UInt64(file.utf8.reduce(0) { $0 &* 33 &+ Int($1) } & 0xffff))
    return generated(&random)
  }
}

func lastComponent(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
