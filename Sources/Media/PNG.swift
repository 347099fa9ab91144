import CPNG
import Glibc

/// PNG through libpng (ISO/IEC 15948): bytes in, bytes out. This file is the only one that knows the library.
enum PNG {
  struct Header {
    var width = 0, height = 0, bits = 0
    /// An alpha channel, transparent palette entries or a transparent colour.
    var hasAlpha = false
  }

  static func header(of bytes: [UInt8]) throws(CodecFailure) -> Header {
    var header = percept_png_header()
    var offset = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_PNG_MESSAGE))
    let isDone = unsafe percept_png_read_header(bytes, bytes.count, &header, &offset, &message)
    guard isDone == 1 else { throw CodecFailure(message: message, offset: offset) }
    return Header(width: Int(header.width), height: Int(header.height), bits: Int(header.bits), hasAlpha: header.has_alpha != 0)
  }

  /// The pixels, with alpha where the file has any. 16 bits are scaled to 8.
  static func decode(_ bytes: [UInt8], header: Header) throws(CodecFailure) -> Image {
    let layout: Image.Layout = header.hasAlpha ? .rgba : .rgb
    let count = header.width * header.height * layout.rawValue
    var offset = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_PNG_MESSAGE))
    var isDone: Int32 = 0
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe isDone = percept_png_decode(
        bytes, bytes.count, buffer.baseAddress, UInt32(header.width), UInt32(header.height), Int32(layout.rawValue), &offset, &message)
      initialized = isDone == 1 ? count : 0
    }
    guard isDone == 1 else { throw CodecFailure(message: message, offset: offset) }
    return Image(width: header.width, height: header.height, layout: layout, pixels: pixels)
  }

  /// - Parameter level: zlib's, from 0 (fastest) to 9 (smallest).
  static func encode(_ image: Image, level: Int) throws(CodecFailure) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_PNG_MESSAGE))
    let isDone = unsafe percept_png_encode(
      image.pixels, UInt32(clamping: image.width), UInt32(clamping: image.height), Int32(image.channels), Int32(level), &encoded, &count, &message)
    guard isDone == 1 else { throw CodecFailure(message: message) }
    defer { unsafe free(encoded) }
    return unsafe Array(UnsafeBufferPointer(start: encoded, count: count))
  }
}
