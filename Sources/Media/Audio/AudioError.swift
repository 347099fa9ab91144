import Files

/// Why a sound could not be read, changed or written, in words a user can act on.
public struct AudioError: Error, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// The file could not be read or written at all.
    case file(FileError)
    /// The content is no sound that libsndfile knows; `found` says what it seems to be.
    case unrecognized(found: String)
    /// It is a sound, but its header or its data cannot be decoded; `reason` is the library's.
    case damaged(reason: String)
    /// Fewer frames than the header says.
    case cutShort(found: Int, expected: Int)
    /// A sample that is not a number, or too large to be one of a sound.
    case notFinite(frame: Int, channel: Int)
    /// The header is whole, but no samples follow.
    case noSamples
    /// More samples than ``AudioOptions/largestSampleCount``.
    case tooLong(limit: Int)
    /// Raw samples of 16 bits end after the first byte of one.
    case cutInSample
    /// Raw samples end before a frame has one for each channel.
    case cutInFrame(found: Int, channels: Int)
    /// A library is not installed.
    case noLibrary(package: String, reason: String)
    /// The rate cannot be changed in this way.
    case notResampled(from: Int, to: Int, reason: String)
    /// The file to be written has a suffix that names no format.
    case unknownSuffix
    /// The sound does not fit the format.
    case notEncodable(reason: String)
  }
  public let path: String
  public let kind: Kind

  public init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }

  /// Whether it is this machine and not the sound that is at fault.
  public var isMissingLibrary: Bool { if case .noLibrary = kind { true } else { false } }

  public var description: String {
    switch kind {
    case .file(let error): "\(error)"
    case .unrecognized(let found):
      "\(path): found \(found) where a sound was expected (WAV, FLAC, Ogg, MP3, AIFF …); convert it to one of these first"
    case .damaged(let reason): "\(path): the sound is damaged (\(reason)); make or fetch the file again"
    case .cutShort(let found, let expected):
      "\(path): the sound ends after \(found) frames where its header says \(expected); make or fetch the file again"
    case .notFinite(let frame, let channel):
      "\(path): frame \(frame), channel \(channel + 1) is not a number, or larger than 10¹²; write the file again without such samples"
    case .noSamples: "\(path): the sound has no samples; record it again"
    case .tooLong(let limit): "\(path): the sound has more than the limit of \(limit) samples; cut it into parts"
    case .cutInSample: "\(path): the raw samples end in the middle of one, after its first byte of two; is it really 16-bit PCM?"
    case .cutInFrame(let found, let channels):
      "\(path): the raw samples end in the middle of a frame, after \(found) of \(channels) channels; does it really have \(channels)?"
    case .noLibrary(let package, let reason): "\(path): a library for sound cannot be loaded (\(reason)); install it: apt-get install \(package)"
    case .notResampled(let from, let to, let reason): "\(path): cannot change the rate from \(from) to \(to) Hz: \(reason)"
    case .unknownSuffix: "\(path): the name must end in .wav or .flac, which chooses the format of the sound"
    case .notEncodable(let reason): "\(path): the sound cannot be written: \(reason)"
    }
  }
}
