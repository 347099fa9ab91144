import CJPEG
import Glibc

/// JPEG through libjpeg (ITU-T T.81): bytes in, bytes out. This file is the only one that knows the library.
enum JPEG {
  struct Header {
    var width = 0, height = 0
  }

  static func header(of bytes: [UInt8]) throws(CodecFailure) -> Header {
    var header = percept_jpeg_header()
    var offset = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_JPEG_MESSAGE))
    let isDone = unsafe percept_jpeg_read_header(bytes, bytes.count, &header, &offset, &message)
    guard isDone == 1 else { throw CodecFailure(message: message, offset: offset) }
    return Header(width: Int(header.width), height: Int(header.height))
  }

  /// The pixels, scaled down by `denominator` (1, 2, 4 or 8) on the way; sides are rounded up.
  static func decode(_ bytes: [UInt8], header: Header, denominator: Int) throws(CodecFailure) -> Image {
    let width = (header.width + denominator - 1) / denominator
    let height = (header.height + denominator - 1) / denominator
    let count = width * height * 3
    var offset = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_JPEG_MESSAGE))
    var isDone: Int32 = 0
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe isDone = percept_jpeg_decode(
        bytes, bytes.count, buffer.baseAddress, UInt32(width), UInt32(height), UInt32(denominator), largestScanCount(of: header), &offset, &message)
      initialized = isDone == 1 ? count : 0
    }
    guard isDone == 1 else { throw CodecFailure(message: message, offset: offset) }
    return Image(width: width, height: height, pixels: pixels)
  }

  static func encode(_ image: Image, quality: Int, chroma: ChromaSubsampling) throws(CodecFailure) -> [UInt8] {
    let image = image.compositedOnWhite()
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_JPEG_MESSAGE))
    let isDone = unsafe percept_jpeg_encode(
      image.pixels, UInt32(clamping: image.width), UInt32(clamping: image.height), Int32(min(max(quality, 1), 100)), chroma == .halved ? 1 : 0,
      &encoded, &count, &message)
    guard isDone == 1 else { throw CodecFailure(message: message) }
    defer { unsafe free(encoded) }
    return unsafe Array(UnsafeBufferPointer(start: encoded, count: count))
  }

  /// Progressive files have about ten scans, and every one visits all pixels: a thousand of a small picture, or 64 of the largest, take seconds.
  private static func largestScanCount(of header: Header) -> Int32 {
    Int32(min(1000, max(64, (64 << 28) / max(header.width * header.height, 1))))
  }
}

/// How finely a JPEG file stores colour compared with brightness.
public enum ChromaSubsampling: Sendable {
  /// Half as many samples along both axes (4:2:0), for photographs.
  case halved
  /// As many (4:4:4), for drawings with thin coloured lines.
  case full
}
