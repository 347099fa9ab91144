import Files

/// What decoding may cost and what it keeps.
public struct DecodingOptions: Sendable {
  /// Pictures that claim more pixels are refused before memory is allocated for them. 2²⁸ unless changed.
  public var largestPixelCount = 1 << 28
  /// Keeps transparency as a fourth channel where the file has it, instead of drawing the picture on white.
  public var keepsAlpha = false
  /// Lets the JPEG library scale the picture down by 1/2, 1/4 or 1/8 while it decodes, as long as both sides of the upright picture stay at least this
  /// many pixels. Nil decodes at full size.
  public var smallestUsefulSide: Int? = nil

  public init() {}
}

/// What is known of a picture before its pixels are read.
public struct PictureHeader: Sendable, Equatable {
  public let format: PictureFormat
  /// In pixels, after the orientation has been applied.
  public let width: Int
  public let height: Int
  public let orientation: Orientation
  /// Whether the file holds transparency of any kind.
  public let hasAlpha: Bool
}

/// A decoded picture, upright.
public struct LoadedImage: Sendable {
  public let image: Image
  /// The size of the upright picture in the file, in pixels, before the library scaled it down.
  public let originalWidth: Int
  public let originalHeight: Int

  public init(image: Image, originalWidth: Int, originalHeight: Int) {
    self.image = image
    self.originalWidth = originalWidth
    self.originalHeight = originalHeight
  }
}

/// The header of the PNG or JPEG file in `bytes`; nothing that depends on the size of the picture is allocated.
///
/// - Parameter path: the name of the file for error messages.
/// - Throws: ``ImageError`` when the content is of another kind, or the header is damaged.
public func readHeader(of bytes: [UInt8], path: String) throws(ImageError) -> PictureHeader {
  let format = try format(of: bytes, path: path)
  do {
    let (width, height, hasAlpha, orientation): (Int, Int, Bool, Orientation)
    switch format {
    case .png:
      let header = try PNG.header(of: bytes)
      (width, height, hasAlpha, orientation) = (header.width, header.height, header.hasAlpha, EXIF.orientation(inPNG: bytes))
    case .jpeg:
      let header = try JPEG.header(of: bytes)
      (width, height, hasAlpha, orientation) = (header.width, header.height, false, EXIF.orientation(inJPEG: bytes))
    }
    return PictureHeader(
      format: format, width: orientation.swapsSides ? height : width, height: orientation.swapsSides ? width : height,
      orientation: orientation, hasAlpha: hasAlpha)
  } catch { throw ImageError(path: path, kind: .damaged(format, reason: error.reason, offset: error.offset)) }
}

/// The picture in the PNG or JPEG file that `bytes` holds, in 8-bit sRGB and upright.
///
/// - Parameter path: the name of the file for error messages.
/// - Throws: ``ImageError`` when the content is of another kind, damaged, incomplete, or larger than `options` allow.
public func decodeImage(_ bytes: [UInt8], path: String, options: DecodingOptions = .init()) throws(ImageError) -> LoadedImage {
  let header = try readHeader(of: bytes, path: path)
  guard header.width <= options.largestPixelCount / header.height else {
    throw ImageError(path: path, kind: .tooLarge(width: header.width, height: header.height, limit: options.largestPixelCount))
  }
  do {
    var image: Image
    switch header.format {
    case .png:
      image = try PNG.decode(bytes, header: PNG.header(of: bytes))
      if !options.keepsAlpha { image = image.compositedOnWhite() }
    case .jpeg:
      let denominator = scalingDenominator(width: header.width, height: header.height, smallestUsefulSide: options.smallestUsefulSide)
      image = try JPEG.decode(bytes, header: JPEG.header(of: bytes), denominator: denominator)
    }
    return LoadedImage(image: image.upright(from: header.orientation), originalWidth: header.width, originalHeight: header.height)
  } catch { throw ImageError(path: path, kind: .damaged(header.format, reason: error.reason, offset: error.offset)) }
}

/// The picture in the file at `path`, or on standard input when `path` is `-`: see ``decodeImage(_:path:options:)``.
///
/// - Throws: ``ImageError``; a file that cannot be read is its kind ``ImageError/Kind/file(_:)``.
public func loadImage(_ path: String, options: DecodingOptions = .init()) throws(ImageError) -> LoadedImage {
  let bytes: [UInt8]
  do { bytes = try readFile(path) } catch { throw ImageError(path: error.path, kind: .file(error)) }
  return try decodeImage(bytes, path: path == "-" ? "standard input" : path, options: options)
}

private func format(of bytes: [UInt8], path: String) throws(ImageError) -> PictureFormat {
  guard let format = PictureFormat.recognized(in: bytes) else {
    throw ImageError(path: path, kind: .unrecognized(found: describeContent(of: bytes)))
  }
  return format
}

/// The largest of 1, 2, 4, 8 that leaves both sides at least `side` pixels.
private func scalingDenominator(width: Int, height: Int, smallestUsefulSide side: Int?) -> Int {
  guard let side else { return 1 }
  return [8, 4, 2].first { min(width, height) / $0 >= max(side, 1) } ?? 1
}
