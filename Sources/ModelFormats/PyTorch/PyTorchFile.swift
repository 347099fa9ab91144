import Files
import Tensors

/// Files that `torch.save` wrote of a network's parameters: a state dict, or dictionaries and lists that hold such.
///
/// Reading runs nothing: a pickle is a program, but only one for tensors, texts, numbers, lists and dictionaries is followed, and any other is
/// refused by the name that it asks for. See `docs/formats/pytorch.md`.
///
/// ```swift
/// let weights = try PyTorchFile.load("efficientnet-lite0.pth")
/// let kernel = weights["_conv_stem.weight"]  // [32, 3, 3, 3]
/// ```
public enum PyTorchFile {
  /// The tensors of a file by name, in the order of the file. A tensor inside dictionaries and lists has their keys and places before its own, joined
  /// by points: `state_dict.conv1.weight`. Texts and numbers beside the tensors are passed over.
  ///
  /// Floats that lie aligned and without gaps are read in place, from the mapped file; all other numbers are converted.
  ///
  /// - Throws: ``PyTorchError``.
  public static func load(_ path: String, limits: PyTorchLimits = PyTorchLimits()) throws(PyTorchError) -> NamedTensors {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw .file(error) }
    do throws(PickleProblem) {
      let bytes = ByteSlice(file)
      let (document, storages) = ZipArchive.isArchive(bytes) ? try zip(bytes, limits) : try old(bytes, limits)
      do throws(FormatProblem) {
        var collector = PyTorchCollector(document: document, storages: storages, limits: limits)
        try collector.collect()
        return collector.tensors
      } catch { throw .malformed(error) }
    } catch {
      switch error {
      case .refused(let name): throw .refused(path: path, name: name)
      case .malformed(let problem): throw .malformed(path: path, problem: problem.text)
      }
    }
  }

  /// The format since PyTorch 1.6: a zip archive whose members lie in one folder, `data.pkl` with the pickle and `data/key` with a storage each.
  private static func zip(_ bytes: ByteSlice, _ limits: PyTorchLimits) throws(PickleProblem) -> (PickleDocument, PyTorchStorages) {
    var reader: ByteReader
    let archive: ZipArchive, folder: String
    do throws(FormatProblem) {
      archive = try ZipArchive(bytes)
      guard let pickle = archive.members.first(where: { $0.name.hasSuffix("/data.pkl") && !$0.name.dropLast(9).contains("/") }) else {
        throw FormatProblem("a zip archive without data.pkl: not a file of torch.save")
      }
      folder = String(pickle.name.dropLast(8))
      if let order = archive["\(folder)byteorder"] {
        let text = try archive.contents(of: order, atMost: 100, isChecked: false).text ?? ""
        guard text == "little" else {
          throw FormatProblem("expected little-endian numbers, found \(quoted(text)); load the file in PyTorch and save it again")
        }
      }
      reader = ByteReader(try archive.contents(of: pickle, atMost: limits.pickleBytes, isChecked: false))
    } catch { throw .malformed(error) }
    return (try PickleMachine.run(&reader, limits: limits), .members(archive, folder: folder))
  }

  /// The format before: pickles of a magic number, of the protocol's version, of the writing machine's properties, of the object and of the storages'
  /// keys; then each storage as its number of elements, an int64, and the numbers.
  private static func old(_ bytes: ByteSlice, _ limits: PyTorchLimits) throws(PickleProblem) -> (PickleDocument, PyTorchStorages) {
    guard bytes.count >= 2, bytes[0] == 0x80, isMagic(bytes) else {
      throw .malformed(
        FormatProblem("neither a zip archive nor a pickle with PyTorch's magic number: not a file of torch.save, or not wholly downloaded"))
    }
    var reader = ByteReader(bytes)
    _ = try PickleMachine.run(&reader, limits: limits)
    let version = try PickleMachine.run(&reader, limits: limits)
    guard version.root.integer == 1001 else { throw .malformed(FormatProblem("expected version 1001 of the old format, found another")) }
    let properties = try PickleMachine.run(&reader, limits: limits)
    guard isLittleEndian(properties) else {
      throw .malformed(FormatProblem("expected numbers of a little-endian machine, found others; load the file in PyTorch and save it again"))
    }
    let document = try PickleMachine.run(&reader, limits: limits)
    let keys = try PickleMachine.run(&reader, limits: limits)
    do throws(FormatProblem) {
      return (document, .slices(try slices(document, keys, &reader)))
    } catch { throw .malformed(error) }
  }

  /// 0x1950A86A20F9469CFC6C as a whole number of ten bytes, behind the protocol and, since protocol 4, the length of a frame.
  private static func isMagic(_ bytes: ByteSlice) -> Bool {
    let magic: [UInt8] = [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    return [2, 11].contains { $0 <= bytes.count && bytes[$0..<bytes.count].starts(with: magic) }
  }

  private static func isLittleEndian(_ properties: PickleDocument) -> Bool {
    guard case .object(let place) = properties.root, case .dictionary(let members) = properties.objects[place] else { return false }
    return members.contains { $0.key.text == "little_endian" && $0.value.isTrue }
  }

  private static func slices(
    _ document: PickleDocument, _ keys: PickleDocument, _ reader: inout ByteReader
  ) throws(FormatProblem) -> [String: ByteSlice] {
    var kinds: [String: NumberKind] = [:]
    for case .storage(let storage) in document.objects { kinds[storage.key] = storage.kind }
    guard let keys = keys.elements(keys.root) else {
      throw FormatProblem("expected the keys of the storages, found something else: the file is damaged")
    }
    var slices: [String: ByteSlice] = [:]
    for key in keys {
      guard let key = key.text, let kind = kinds[key], slices[key] == nil else {
        throw FormatProblem("expected the keys of the tensors' storages, once each, found others: the file is damaged")
      }
      let count = Int(try reader.number(Int64.self))
      let (size, overflow) = count.multipliedReportingOverflow(by: kind.size)
      guard count >= 0, !overflow else { throw FormatProblem("found a storage of \(count) numbers: the file is damaged") }
      slices[key] = try reader.take(size)
    }
    return slices
  }
}
