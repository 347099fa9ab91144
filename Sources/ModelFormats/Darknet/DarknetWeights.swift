import Files
import Tensors

/// The numbers of a Darknet weights file (`.weights`), taken in the order of the layers. Tensors read the mapped file in place.
///
/// int32 major, minor, revision; `seen`, the pictures seen in training, as uint64 when major · 10 + minor ≥ 2 and both are below 1000, else as uint32; then
/// float32, all little-endian. A major or minor above 1000 says that the weights of `[connected]` are stored transposed.
struct DarknetWeights: Sendable {
  let isTransposed: Bool
  private let file: MappedFile
  private var offset: Int

  /// - Throws: ``DarknetError`` when the file cannot be read or is too short for its header.
  init(path: String) throws(DarknetError) {
    do throws(FileError) {
      file = try MappedFile(path)
    } catch {
      throw .file(error)
    }
    guard file.count >= 16 else {
      throw .weights(path: path, problem: "expected a header of at least 16 bytes, found \(file.count): not a Darknet weights file, or not wholly downloaded")
    }
    let header = file
    func word(_ index: Int) -> Int {
      Int(Int32(littleEndian: unsafe header.unsafeBytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)))
    }
    let major = word(0), minor = word(1)
    guard major >= 0, minor >= 0 else {
      throw .weights(path: path, problem: "expected a version of two positive numbers, found \(major).\(minor): not a Darknet weights file")
    }
    offset = major < 1000 && minor < 1000 && major * 10 + minor >= 2 ? 20 : 16
    isTransposed = major > 1000 || minor > 1000
  }

  /// The next numbers, as a tensor of `shape`; `layer` is what an error calls their place.
  mutating func take(_ shape: Shape, for layer: String) throws(DarknetError) -> Tensor {
    let end = offset + 4 * shape.count
    guard end <= file.count else {
      throw .weights(
        path: file.path,
        problem: "expected at least \(end) bytes up to \(layer), found \(file.count): the file is truncated or belongs to another configuration")
    }
    // The mapping starts at a page and every offset is a multiple of 4, so the numbers are aligned.
    let numbers = unsafe file.unsafeBytes.baseAddress! + offset
    offset = end
    return unsafe Tensor(shape, readingFrom: numbers.assumingMemoryBound(to: Float.self), of: file)
  }

  /// - Throws: ``DarknetError`` when numbers are left.
  func finish() throws(DarknetError) {
    guard offset == file.count else {
      throw .weights(
        path: file.path, problem: "expected \(offset) bytes, found \(file.count): the file belongs to another configuration, or holds more than weights")
    }
  }
}
