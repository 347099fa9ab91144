import Files
import Tensors

/// One array in a `.npy` file (NumPy's NEP 1). See `docs/formats/numpy.md`.
///
/// ```swift
/// let labels = try NumPyFile.load("labels.npy")
/// try NumPyFile.write(tensor, to: "features.npy")
/// ```
public enum NumPyFile {
  /// Reads an array. Floats of 32 bits in row-major order are read in place, from the mapped file.
  ///
  /// - Throws: ``NumPyError``.
  public static func load(_ path: String) throws(NumPyError) -> StoredArray {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw .file(error) }
    do throws(FormatProblem) {
      return try array(ByteSlice(file))
    } catch {
      throw .malformed(path: path, array: nil, problem: error.text)
    }
  }

  /// Writes a tensor as floats, little-endian and row-major, in version 1 of the format, beside `path`, and renames.
  public static func write(_ tensor: Tensor, to path: String) throws(NumPyError) {
    let sizes = tensor.shape.indices.map { "\(tensor.shape[$0])" }.joined(separator: ", ")
    var text = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)\(tensor.shape.rank == 1 ? "," : "")), }".utf8)
    // The numbers begin at a multiple of 64 bytes, behind a line feed.
    let head = NumPyHeader.magic.count + 4
    text += Array(repeating: UInt8(ascii: " "), count: (64 - (head + text.count + 1) % 64) % 64) + [0x0A]
    var bytes = NumPyHeader.magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
    bytes.reserveCapacity(bytes.count + tensor.count * MemoryLayout<Float>.size)
    unsafe tensor.span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    do { try writeFile(path, bytes) } catch { throw .file(error) }
  }

  /// The array that `bytes` are the file of.
  static func array(_ bytes: ByteSlice) throws(FormatProblem) -> StoredArray {
    let header = try NumPyHeader(bytes)
    let needed = header.shape.count * header.kind.size, found = bytes.count - header.end
    guard found == needed else {
      throw FormatProblem(
        "expected \(needed) bytes for numbers of the shape \(header.shape), found \(found): the file is not wholly downloaded, or damaged")
    }
    return try StoredArray(
      header.shape, header.kind, isBigEndian: header.isBigEndian, isColumnMajor: header.isColumnMajor, in: bytes[header.end..<bytes.count])
  }
}
