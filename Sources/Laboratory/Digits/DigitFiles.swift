import Files
import ModelFormats

extension Digits {
  /// MNIST, or pictures in its formats, at most 32 pixels a side: `mnist.npz` with `x_train`, `y_train`, `x_test` and `y_test`, as Keras publishes
  /// it, or the four IDX files of LeCun's page, unpacked: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and those that begin with `t10k`.
  ///
  /// - Parameters:
  ///   - train, test: how many pictures of each at most: the first.
  /// - Throws: ``ExamplesError``.
  static func load(from folder: String, train: Int, test: Int) throws(ExamplesError) -> (train: Digits, test: Digits) {
    let names: [String]
    do throws(FileError) { names = try folderContents(folder) } catch { throw .file(error) }
    if names.contains("mnist.npz") { return try load(archive: "\(folder)/mnist.npz", train: train, test: test) }
    if names.contains("train-images-idx3-ubyte") {
      return (try load(idx: "\(folder)/train", most: train), try load(idx: "\(folder)/t10k", most: test))
    }
    throw .shape(
      file: folder, found: "no pictures of digits",
      expected: "mnist.npz, or the unpacked files train-images-idx3-ubyte and so on; without --data digits are drawn")
  }

  private static func load(archive path: String, train: Int, test: Int) throws(ExamplesError) -> (train: Digits, test: Digits) {
    func part(_ name: String, most: Int) throws(ExamplesError) -> Digits {
      let pictures: StoredArray, labels: [Int]?
      do throws(NumPyError) {
        let archive = try NumPyArchive(path)
        pictures = try archive.array("x_\(name)")
        labels = try archive.array("y_\(name)").integers
      } catch { throw .archive(error) }
      guard pictures.shape.rank == 3, let bytes = pictures.bytes, let labels else {
        throw .shape(
          file: path, found: "x_\(name) of \(pictures.shape)", expected: "pictures [count, height, width] of bytes, and whole numbers as labels")
      }
      return try checked(bytes, pictures.shape[0], pictures.shape[1], pictures.shape[2], labels, most: most, path)
    }
    return (try part("train", most: train), try part("test", most: test))
  }

  private static func load(idx prefix: String, most: Int) throws(ExamplesError) -> Digits {
    let pictures = try IDXFile("\(prefix)-images-idx3-ubyte", rank: 3), labels = try IDXFile("\(prefix)-labels-idx1-ubyte", rank: 1)
    return try checked(Array(pictures.bytes), pictures.sizes[0], pictures.sizes[1], pictures.sizes[2], labels.bytes.map(Int.init), most: most, pictures.path)
  }

  private static func checked(
    _ pixels: [UInt8], _ count: Int, _ height: Int, _ width: Int, _ labels: [Int], most: Int, _ path: String
  ) throws(ExamplesError) -> Digits {
    guard count > 0, count == labels.count, (1...side).contains(height), (1...side).contains(width) else {
      throw .shape(
        file: path, found: "\(count) pictures of \(height)×\(width) pixels and \(labels.count) labels",
        expected: "as many of both, and 1 to \(side) pixels a side")
    }
    if let wrong = labels.first(where: { !(0..<10).contains($0) }) { throw .shape(file: path, found: "the label \(wrong)", expected: "0 to 9") }
    return Digits(framing: pixels, height: height, width: width, labels: Array(labels.prefix(most)), source: lastComponent(path))
  }
}

/// An array of bytes in LeCun's IDX format: two zeros, the kind of numbers (8: bytes), the number of axes, each one's size as a big-endian number of
/// 32 bits, and the numbers.
struct IDXFile {
  let path: String
  let sizes: [Int]
  let bytes: ArraySlice<UInt8>

  /// - Throws: ``ExamplesError`` when the file cannot be read, is of another kind or rank, or is cut off.
  init(_ path: String, rank: Int) throws(ExamplesError) {
    let content: [UInt8]
    do throws(FileError) { content = try readFile(path) } catch { throw .file(error) }
    let head = 4 + 4 * rank
    guard content.count >= head, content.starts(with: [0, 0, 8, UInt8(rank)]) else {
      throw .shape(
        file: path, found: "another beginning", expected: "0, 0, 8, \(rank), that of bytes in \(rank) axes; unpack the file if it ends in .gz")
    }
    let sizes = (0..<rank).map { axis in (0..<4).reduce(0) { $0 << 8 | Int(content[4 + 4 * axis + $1]) } }
    var count = 1, overflow = false
    for size in sizes {
      let product = count.multipliedReportingOverflow(by: size)
      count = product.partialValue
      overflow = overflow || product.overflow
    }
    guard !overflow, count == content.count - head else {
      throw .shape(
        file: path, found: "\(content.count - head) bytes of numbers",
        expected: "those of \(sizes.map(String.init).joined(separator: "×")); fetch the file again")
    }
    self.path = path
    self.sizes = sizes
    bytes = content[head...]
  }
}
