import CSndfile
import Files
import Glibc

/// A sound that libsndfile reads. This file is the only one that knows the library. One thread at a time may use it.
@safe final class SoundFile {
  let facts: AudioFacts
  /// Whether the decoder has to deliver as many frames as the header says.
  let isExact: Bool
  private let path: String
  private let handle: OpaquePointer
  private let file: OpenedFile?
  /// The bytes that the library reads, where there is no file.
  private let bytes: UnsafeMutablePointer<UInt8>?

  init(_ path: String) throws(AudioError) {
    let opened: OpenedFile
    do { opened = try OpenedFile(path) } catch { throw AudioError(path: path, kind: .file(error)) }
    var handle: OpaquePointer?
    var facts = percept_sound_facts()
    var message = [CChar](repeating: 0, count: Int(PERCEPT_SOUND_MESSAGE))
    let code = unsafe percept_sound_open(opened.descriptor, opened.byteCount, &handle, &facts, &message)
    guard let handle = unsafe handle else { throw SoundFile.failure(code, message, path: path, head: opened.firstBytes(512)) }
    unsafe self.handle = handle
    self.path = path
    file = consume opened
    unsafe bytes = nil
    self.facts = AudioFacts(facts)
    isExact = facts.is_exact != 0
  }

  init(bytes content: [UInt8], path: String) throws(AudioError) {
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(content.count, 1))
    for index in content.indices { unsafe copy[index] = content[index] }
    var handle: OpaquePointer?
    var facts = percept_sound_facts()
    var message = [CChar](repeating: 0, count: Int(PERCEPT_SOUND_MESSAGE))
    let code = unsafe percept_sound_open_bytes(copy, content.count, &handle, &facts, &message)
    guard let handle = unsafe handle else {
      unsafe copy.deallocate()
      throw SoundFile.failure(code, message, path: path, head: Array(content.prefix(512)))
    }
    unsafe self.handle = handle
    self.path = path
    file = nil
    unsafe bytes = copy
    self.facts = AudioFacts(facts)
    isExact = facts.is_exact != 0
  }

  deinit {
    unsafe percept_sound_close(handle)
    unsafe bytes?.deallocate()
  }

  /// Up to `frames` frames, interleaved; fewer at the end only.
  func read(_ frames: Int) throws(AudioError) -> [Float] {
    var count: Int64 = 0
    var isDone: Int32 = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_SOUND_MESSAGE))
    let samples = unsafe [Float](unsafeUninitializedCapacity: frames * facts.channels) { buffer, initialized in
      unsafe isDone = percept_sound_read(handle, buffer.baseAddress, Int64(frames), &count, &message)
      initialized = Int(count) * facts.channels
    }
    guard isDone == 1 else { throw AudioError(path: path, kind: .damaged(reason: text(message))) }
    return samples
  }

  /// The bytes of a whole file. Floats when `bits` is 32, else whole numbers: round(sample × 2^(bits − 1)), limited to what they can express.
  static func encode(_ audio: Audio, isFLAC: Bool, bits: Int, path: String) throws(AudioError) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(PERCEPT_SOUND_MESSAGE))
    let container = isFLAC ? PERCEPT_SOUND_FLAC : PERCEPT_SOUND_WAV
    let integers = bits == 32 ? [] : audio.samples.map { leftAligned($0, bits: bits) }
    let isDone = unsafe integers.withUnsafeBufferPointer { integers in
      unsafe audio.samples.withUnsafeBufferPointer { floats in
        unsafe percept_sound_encode(
          Int32(container), Int32(bits), bits == 32 ? floats.baseAddress : nil, integers.baseAddress, Int64(audio.frameCount),
          Int32(clamping: audio.channels), Int32(clamping: audio.sampleRate), &encoded, &count, &message)
      }
    }
    guard isDone == 1 else { throw AudioError(path: path, kind: .notEncodable(reason: text(message))) }
    defer { unsafe free(encoded) }
    return unsafe Array(UnsafeBufferPointer(start: encoded, count: count))
  }

  /// The whole number of `bits` bits in the highest bits of 32.
  private static func leftAligned(_ sample: Float, bits: Int) -> Int32 {
    let scale = Double(1 << (bits - 1))
    let number = Int32(max(-scale, min(scale - 1, (Double(sample) * scale).rounded())))
    return number << Int32(32 - bits)
  }

  private static func failure(_ code: Int32, _ message: [CChar], path: String, head: [UInt8]) -> AudioError {
    let kind: AudioError.Kind =
      switch code {
      case Int32(PERCEPT_SOUND_NO_LIBRARY): .noLibrary(package: "libsndfile1", reason: text(message))
      case _ where head.isEmpty: .unrecognized(found: describeContent(of: head))
      case Int32(PERCEPT_SOUND_UNRECOGNIZED): .unrecognized(found: describeContent(of: head))
      default: .damaged(reason: text(message))
      }
    return AudioError(path: path, kind: kind)
  }
}

extension AudioFacts {
  fileprivate init(_ facts: percept_sound_facts) {
    func text(_ bytes: UnsafeRawBufferPointer) -> String { unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    sampleRate = Int(facts.rate)
    channels = Int(facts.channels)
    frameCount = facts.frames < 0 ? nil : Int(facts.frames)
    container = unsafe withUnsafeBytes(of: facts.container) { unsafe text($0) }
    coding = unsafe withUnsafeBytes(of: facts.coding) { unsafe text($0) }
  }
}

/// A zero-terminated text from C.
private func text(_ message: [CChar]) -> String { String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
