import Files

/// How pictures are written.
public struct EncodingOptions: Sendable {
  /// JPEG's, from 1 to 100; numbers outside are taken as the nearest of these.
  public var quality = 92
  public var chroma = ChromaSubsampling.halved
  /// zlib's effort for PNG, from 0 (fastest) to 9 (smallest).
  public var compressionLevel = 2

  public init() {}
}

/// The bytes of a file that holds `image`. JPEG has no alpha: such a picture is drawn on white.
///
/// - Parameter path: the name of the file for error messages.
/// - Throws: ``ImageError`` when the picture is empty, or has more pixels along a side than the format can express (JPEG: 65,500).
public func encode(
  _ image: Image, as format: PictureFormat, options: EncodingOptions = .init(), path: String = "picture"
) throws(ImageError) -> [UInt8] {
  guard image.width > 0 && image.height > 0 else { throw ImageError(path: path, kind: .notEncodable(format, reason: "it has no pixels")) }
  do {
    switch format {
    case .png: return try PNG.encode(image, level: min(max(options.compressionLevel, 0), 9))
    case .jpeg: return try JPEG.encode(image, quality: options.quality, chroma: options.chroma)
    }
  } catch { throw ImageError(path: path, kind: .notEncodable(format, reason: error.reason)) }
}

/// ``encode(_:as:options:path:)`` with everything but JPEG's quality left as it is.
public func encode(_ image: Image, as format: PictureFormat, quality: Int) throws(ImageError) -> [UInt8] {
  var options = EncodingOptions()
  options.quality = quality
  return try encode(image, as: format, options: options)
}

/// Writes `image` to the file at `path`, in the format of its suffix; `-` writes PNG to standard output. A reader sees the old file or the whole new one.
///
/// - Throws: ``ImageError`` when the suffix is unknown, the picture does not fit the format, or the file cannot be written.
public func saveImage(_ image: Image, to path: String, options: EncodingOptions = .init()) throws(ImageError) {
  guard let format = path == "-" ? .png : PictureFormat(suffixOf: path) else { throw ImageError(path: path, kind: .unknownSuffix) }
  let bytes = try encode(image, as: format, options: options, path: path)
  do { try writeFile(path, bytes) } catch { throw ImageError(path: error.path, kind: .file(error)) }
}

/// ``saveImage(_:to:options:)`` with everything but JPEG's quality left as it is.
public func saveImage(_ image: Image, to path: String, quality: Int) throws(ImageError) {
  var options = EncodingOptions()
  options.quality = quality
  try saveImage(image, to: path, options: options)
}
