import CZlib

/// zlib (RFC 1951): this file is the only one that knows the library.
enum Deflate {
  /// Whether `packed` unpacks to exactly as many bytes as `target` has.
  @unsafe static func unpack(_ packed: ByteSlice, into target: UnsafeMutableRawBufferPointer) -> Bool {
    let source = unsafe packed.unsafeBytes
    return unsafe percept_inflate(source.baseAddress, source.count, target.baseAddress, target.count) == 1
  }

  /// CRC-32 as zip archives have it.
  static func checksum(_ bytes: ByteSlice) -> UInt32 {
    let source = unsafe bytes.unsafeBytes
    return unsafe percept_crc32(source.baseAddress, source.count)
  }
}
