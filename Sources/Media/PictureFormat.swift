/// A file format of pictures that can be read and written.
public enum PictureFormat: String, Sendable, CaseIterable {
  case png, jpeg

  /// The format that the first bytes of a file announce, whatever the file is called.
  public static func recognized(in bytes: [UInt8]) -> PictureFormat? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    return nil
  }

  /// The format that the suffix of `path` asks for: `.png`, `.jpg` or `.jpeg`, in small or capital letters. For files to be written.
  public init?(suffixOf path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "png": self = .png
    case "jpg", "jpeg": self = .jpeg
    default: return nil
    }
  }

  /// The format's name as people write it.
  public var name: String { rawValue.uppercased() }
}

/// What a file that is neither PNG nor JPEG seems to hold, for an error message.
func describeContent(of bytes: [UInt8]) -> String {
  if bytes.isEmpty { return "an empty file" }
  func has(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
  if has("GIF8") { return "a GIF picture" }
  if has("RIFF") && has("WEBP", at: 8) { return "a WebP picture" }
  if has("ftyp", at: 4) { return has("avif", at: 8) ? "an AVIF picture" : has("hei", at: 8) || has("mif1", at: 8) ? "a HEIC picture" : "a video" }
  if has("II*\0") || has("MM\0*") { return "a TIFF picture" }
  if has("BM") && bytes.count > 26 && bytes[6..<10].allSatisfy({ $0 == 0 }) { return "a BMP picture" }
  if has("%PDF") { return "a PDF document" }
  let isText = bytes.prefix(512).allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
  return isText ? "text" : "data of another kind"
}
