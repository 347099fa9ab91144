import Files

/// Arrays by name in a `.npz` file: a zip archive of `.npy` files, stored or deflated, as `numpy.savez` and `numpy.savez_compressed` write it.
///
/// ```swift
/// let data = try NumPyArchive("digits.npz")
/// let pictures = try data.array("x_train").bytes
/// ```
public struct NumPyArchive: Sendable {
  public let path: String
  /// The names of the arrays, in the order of the file.
  public let names: [String]
  private let archive: ZipArchive
  private let limit: Int

  /// - Parameter limit: the most bytes that one array may have when it is unpacked.
  /// - Throws: ``NumPyError`` when the file cannot be read or is no archive.
  public init(_ path: String, limit: Int = 1 << 32) throws(NumPyError) {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw .file(error) }
    do throws(FormatProblem) {
      archive = try ZipArchive(ByteSlice(file))
    } catch {
      throw .malformed(path: path, array: nil, problem: error.text)
    }
    names = archive.members.filter { $0.name.hasSuffix(".npy") }.map { String($0.name.dropLast(4)) }
    self.path = path
    self.limit = limit
  }

  /// Reads an array.
  ///
  /// - Throws: ``NumPyError``: there is none of that name, or it is damaged, too large or no array of numbers.
  public func array(_ name: String) throws(NumPyError) -> StoredArray {
    guard let member = archive["\(name).npy"] else { throw .missing(path: path, array: name, names: names) }
    do throws(FormatProblem) {
      return try NumPyFile.array(try archive.contents(of: member, atMost: limit, isChecked: true))
    } catch {
      throw .malformed(path: path, array: name, problem: error.text)
    }
  }
}
