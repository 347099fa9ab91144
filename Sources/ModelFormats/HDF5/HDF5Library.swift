import CHDF5

/// libhdf5 behind Swift values: this file is the only one that knows the library.
enum HDF5Library {
  /// What the shim answered when it could not do what it was asked.
  enum Failure: Error {
    case noLibrary(String), damaged(String), missing, refused, otherKind, tooLarge

    init(_ code: Int32, _ message: [CChar]) {
      let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      switch percept_hdf5_result(UInt32(bitPattern: code)) {
      case PERCEPT_HDF5_NO_LIBRARY: self = .noLibrary(text)
      case PERCEPT_HDF5_MISSING: self = .missing
      case PERCEPT_HDF5_REFUSED: self = .refused
      case PERCEPT_HDF5_OTHER_KIND: self = .otherKind
      case PERCEPT_HDF5_TOO_LARGE: self = .tooLarge
      default: self = .damaged(text.isEmpty ? "the file is damaged" : text)
      }
    }
  }
  enum Number { case uint8, int64, uint64, float32 }
  struct Description {
    var sizes: [UInt64]
    /// nil for what is no number.
    var number: Number?
  }

  /// - Throws: ``Failure`` when `file` cannot be opened.
  static func open(_ file: String) throws(Failure) {
    try check { message in unsafe percept_hdf5_check(file, &message, message.count) }
  }

  static func members(_ file: String, group: String, limit: Int) throws(Failure) -> [(name: String, kind: HDF5File.Kind)] {
    let found = Members()
    try check { message in
      unsafe percept_hdf5_list(
        file, group, Int64(min(max(limit, 0), 1 << 24)),
        { context, kind, bytes, count in
          let kind: HDF5File.Kind =
            switch percept_hdf5_kind(UInt32(bitPattern: kind)) {
            case PERCEPT_HDF5_GROUP: .group
            case PERCEPT_HDF5_DATASET: .dataset
            case PERCEPT_HDF5_LINK: .link
            default: .other
            }
          let name = unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
          unsafe Unmanaged<Members>.fromOpaque(context!).takeUnretainedValue().list.append((name, kind))
        }, Unmanaged.passUnretained(found).toOpaque(), &message, message.count)
    }
    return found.list
  }

  static func describe(_ file: String, _ path: String) throws(Failure) -> Description {
    var found = percept_hdf5_dataset()
    try check { message in unsafe percept_hdf5_describe(file, path, &found, &message, message.count) }
    let sizes = unsafe withUnsafeBytes(of: found.sizes) { unsafe Array($0.bindMemory(to: UInt64.self).prefix(Int(found.rank))) }
    let number: Number? =
      switch percept_hdf5_number(UInt32(bitPattern: found.number)) {
      case PERCEPT_HDF5_UINT8: .uint8
      case PERCEPT_HDF5_INT64: .int64
      case PERCEPT_HDF5_UINT64: .uint64
      case PERCEPT_HDF5_FLOAT: .float32
      default: nil
      }
    return Description(sizes: sizes, number: number)
  }

  /// Reads a data set into `target`, as the numbers that its description names.
  @unsafe static func read(_ file: String, _ path: String, _ number: Number, into target: UnsafeMutableRawBufferPointer) throws(Failure) {
    let code =
      switch number {
      case .uint8: PERCEPT_HDF5_UINT8
      case .int64: PERCEPT_HDF5_INT64
      case .uint64: PERCEPT_HDF5_UINT64
      case .float32: PERCEPT_HDF5_FLOAT
      }
    try check { message in
      unsafe percept_hdf5_read(file, path, Int32(code.rawValue), target.baseAddress, target.count, &message, message.count)
    }
  }

  /// The texts of an attribute, or of a data set when `attribute` is nil; nil if one of them is not UTF-8.
  static func texts(_ file: String, _ path: String, attribute: String?, limit: Int) throws(Failure) -> [String]? {
    let found = Texts()
    try check { message in
      unsafe percept_hdf5_texts(
        file, path, attribute, Int64(min(max(limit, 0), 1 << 32)),
        { context, _, bytes, count in
          let found = unsafe Unmanaged<Texts>.fromOpaque(context!).takeUnretainedValue()
          let text = unsafe String(validating: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
          found.list.append(text ?? "")
          if text == nil { found.areValid = false }
        }, Unmanaged.passUnretained(found).toOpaque(), &message, message.count)
    }
    return found.areValid ? found.list : nil
  }

  private static func check(_ call: (inout [CChar]) -> Int32) throws(Failure) {
    var message = [CChar](repeating: 0, count: 512)
    let code = call(&message)
    guard code == 0 else { throw Failure(code, message) }
  }

  private final class Members {
    var list: [(name: String, kind: HDF5File.Kind)] = []
  }
  private final class Texts {
    var list: [String] = []
    var areValid = true
  }
}
