import Files
import Tensors

/// Bytes that stay where they are as long as a slice of them lives: a part of a mapped file, or what came out of a packed one.
@safe struct ByteSlice: @unchecked Sendable {  // the bytes are never written once a slice exists
  private let owner: any AnyObject & Sendable
  private let address: UnsafeRawPointer?
  let count: Int

  private init(owner: any AnyObject & Sendable, address: UnsafeRawPointer?, count: Int) {
    self.owner = owner
    unsafe self.address = address
    self.count = count
  }

  /// All bytes of a file.
  init(_ file: MappedFile) {
    unsafe self.init(owner: file, address: file.unsafeBytes.baseAddress, count: file.count)
  }

  /// `count` new bytes, which `fill` writes.
  init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws(FormatProblem) -> Void) throws(FormatProblem) {
    let buffer = NewBytes(count: count)
    try unsafe fill(buffer.buffer)
    unsafe self.init(owner: buffer, address: UnsafeRawPointer(buffer.buffer.baseAddress), count: count)
  }

  /// A part of the bytes.
  ///
  /// - Precondition: `range` lies within them.
  subscript(range: Range<Int>) -> ByteSlice {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes \(range) of \(count)")
    return unsafe ByteSlice(owner: owner, address: address.map { unsafe $0 + range.lowerBound }, count: range.count)
  }

  subscript(index: Int) -> UInt8 { number(at: index, as: UInt8.self) }

  /// The little-endian number at `offset`.
  ///
  /// - Precondition: it lies within the bytes.
  func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
    Number(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  func starts(with prefix: [UInt8]) -> Bool { count >= prefix.count && prefix.indices.allSatisfy { self[$0] == prefix[$0] } }

  var bytes: RawSpan {
    @_lifetime(borrow self) get { unsafe _overrideLifetime(RawSpan(_unsafeBytes: unsafeBytes), borrowing: self) }
  }

  @unsafe var unsafeBytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: address, count: count) }

  /// The bytes as UTF-8, nil if they are not.
  var text: String? { unsafe String(validating: unsafeBytes, as: UTF8.self) }

  /// The bytes as the elements of a tensor, without copying; nil if they are not aligned.
  ///
  /// - Precondition: they are as many as `shape` needs.
  func tensorInPlace(_ shape: Shape) -> Tensor? {
    precondition(shape.count * MemoryLayout<Float>.size == count)
    guard count > 0, let address = unsafe address, UInt(bitPattern: address) % UInt(MemoryLayout<Float>.alignment) == 0 else { return nil }
    return unsafe Tensor(shape, readingFrom: address.assumingMemoryBound(to: Float.self), of: owner)
  }
}

/// Memory that is freed with its last reader.
@safe private final class NewBytes: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer

  init(count: Int) { unsafe buffer = .allocate(byteCount: count, alignment: 64) }

  deinit { unsafe buffer.deallocate() }
}
