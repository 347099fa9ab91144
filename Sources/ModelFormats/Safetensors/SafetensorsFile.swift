import Files
import Tensors

/// A safetensors file, mapped: tensors by name, and texts by name.
///
/// The number N of the header's bytes as uint64; N bytes of JSON; the numbers of all tensors, one behind the other. Everything is little-endian.
/// See `docs/formats/safetensors.md`.
///
/// ```swift
/// let file = try SafetensorsFile("network.safetensors")
/// let kernel = try file.tensor("conv1.weight")
/// ```
public struct SafetensorsFile: Sendable {
  public let path: String
  /// The texts under `__metadata__`.
  public let metadata: [String: String]
  /// The names of the tensors, in the order of the file.
  public let names: [String]

  private let entries: [String: SafetensorsHeader.Entry]
  private let data: ByteSlice

  /// The most bytes that a header may have.
  public static let largestHeader = 100_000_000

  /// Maps a file and reads its header.
  ///
  /// - Throws: ``SafetensorsError`` when the file cannot be read or its header is wrong.
  public init(_ path: String) throws(SafetensorsError) {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw .file(error) }
    try self.init(ByteSlice(file), path: path)
  }

  /// The file that `content` is, such as one that the program carries in itself.
  ///
  /// - Parameter path: its name for error messages.
  public init(bytes content: Span<UInt8>, path: String) throws(SafetensorsError) {
    let copy: ByteSlice
    do throws(FormatProblem) {
      copy = try unsafe ByteSlice(count: content.count) { target in
        for index in 0..<content.count { unsafe target[index] = content[index] }
      }
    } catch { throw .malformed(path: path, tensor: nil, problem: "\(error)") }
    try self.init(copy, path: path)
  }

  private init(_ bytes: ByteSlice, path: String) throws(SafetensorsError) {
    guard bytes.count >= 8 else {
      throw .malformed(
        path: path, tensor: nil, problem: "expected at least 8 bytes, found \(bytes.count): not a safetensors file, or not wholly downloaded")
    }
    let size = bytes.number(at: 0, as: UInt64.self)
    guard size <= Self.largestHeader else {
      throw .malformed(
        path: path, tensor: nil, problem: "expected a header of at most \(Self.largestHeader) bytes, found \(size): not a safetensors file")
    }
    let end = 8 + Int(size)
    guard end <= bytes.count else {
      throw .malformed(
        path: path, tensor: nil,
        problem: "expected a header of \(size) bytes, found \(bytes.count - 8): not a safetensors file, or not wholly downloaded")
    }
    data = bytes[end..<bytes.count]
    do throws(SafetensorsHeader.Problem) {
      let header = try SafetensorsHeader(bytes[8..<end], dataCount: data.count)
      metadata = header.metadata
      names = header.entries.map(\.name)
      entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    } catch {
      throw .malformed(path: path, tensor: error.tensor, problem: error.text)
    }
    self.path = path
  }

  /// The shape of a tensor, nil if the file has none of that name.
  public func shape(of name: String) -> Shape? { entries[name]?.shape }

  /// A tensor. Floats are read in place, from the mapped file; all other numbers are converted, and rounded where a float cannot hold them.
  ///
  /// - Throws: ``SafetensorsError/missing(path:tensor:names:)`` when there is none of that name.
  public func tensor(_ name: String) throws(SafetensorsError) -> Tensor {
    guard let entry = entries[name] else { throw .missing(path: path, tensor: name, names: names) }
    return tensor(entry)
  }

  /// All tensors, in the order of the file.
  public var tensors: NamedTensors {
    var result = NamedTensors()
    for name in names { result[name] = tensor(entries[name]!) }
    return result
  }

  private func tensor(_ entry: SafetensorsHeader.Entry) -> Tensor { Tensor(entry.shape, entry.kind, in: data[entry.range]) }
}
