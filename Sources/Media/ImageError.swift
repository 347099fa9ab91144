import Files

/// Why a picture could not be read or written, in words a user can act on.
public struct ImageError: Error, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// The file could not be read or written at all.
    case file(FileError)
    /// The content is neither PNG nor JPEG; `found` says what it seems to be.
    case unrecognized(found: String)
    /// The library stopped after `offset` bytes with `reason`.
    case damaged(PictureFormat, reason: String, offset: Int)
    /// More pixels than ``DecodingOptions/largestPixelCount``.
    case tooLarge(width: Int, height: Int, limit: Int)
    /// The file to be written has a suffix that names no format.
    case unknownSuffix
    /// The picture does not fit the format; `reason` is the library's.
    case notEncodable(PictureFormat, reason: String)
    /// Nothing can be drawn on a picture of this size.
    case notDrawable(width: Int, height: Int, reason: String)
  }
  public let path: String
  public let kind: Kind

  public init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }

  public var description: String {
    switch kind {
    case .file(let error): "\(error)"
    case .unrecognized(let found): "\(path): found \(found) where a PNG or JPEG picture was expected; convert it to one of these first"
    case .damaged(let format, let reason, let offset):
      "\(path): the \(format.name) picture is damaged (\(reason), at byte \(offset)); make or fetch the file again"
    case .tooLarge(let width, let height, let limit):
      "\(path): the picture claims \(width)×\(height) pixels, more than the limit of \(limit) pixels; make it smaller, or raise the limit (--max-pixels) if you trust the file"
    case .unknownSuffix: "\(path): the name must end in .png, .jpg or .jpeg, which chooses the format of the picture"
    case .notEncodable(let format, let reason): "\(path): the picture cannot be written as \(format.name): \(reason)"
    case .notDrawable(let width, let height, let reason): "\(path): cannot draw on a picture of \(width)×\(height) pixels: \(reason)"
    }
  }
}

/// A codec library's account of a failed call.
struct CodecFailure: Error {
  var reason: String
  /// About how many bytes the library had read.
  var offset = 0

  /// - Parameter message: a zero-terminated text from C.
  init(message: [CChar], offset: Int = 0) {
    reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.offset = offset
  }
}
