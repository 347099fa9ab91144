import Crypto
import Files

/// A SHA-256 (FIPS 180-4) in the making.
struct Checksum {
  private var hash = SHA256()
  private(set) var bytes = 0

  mutating func add(_ buffer: UnsafeRawBufferPointer) {
    unsafe hash.update(bufferPointer: buffer)
    bytes += buffer.count
  }

  var digest: FileDigest { FileDigest(bytes: bytes, sha256: hexadecimal(hash.finalize())) }
}

/// The content of the file at `path`.
func digest(ofFile path: String) throws(FileError) -> FileDigest {
  let file = try MappedFile(path)
  var checksum = Checksum()
  unsafe checksum.add(file.unsafeBytes)
  return checksum.digest
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
