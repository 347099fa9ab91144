import Foundation

/// The bytes of a WAV file, put together by hand: RIFF, `fmt ` of 16 bytes, `data`.
func wavBytes(format: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 8000, bits: UInt16 = 16, data: [UInt8], claimed: UInt32? = nil) -> [UInt8] {
  func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
  let frame = channels &* (bits / 8), length = claimed ?? UInt32(data.count)
  var header: [UInt8] = Array("RIFF".utf8) + little(UInt32(36) &+ length) + Array("WAVEfmt ".utf8) + little(UInt32(16)) + little(format)
  header += little(channels) + little(rate) + little(rate &* UInt32(frame)) + little(frame) + little(bits)
  return header + Array("data".utf8) + little(length) + data
}

func bytes(_ samples: [Int16]) -> [UInt8] { samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } }

func bytes(_ samples: [Float]) -> [UInt8] { samples.flatMap { sample in withUnsafeBytes(of: sample.bitPattern.littleEndian) { Array($0) } } }

/// A sine of `hertz`, at most `peak`.
func sine(_ hertz: Double, rate: Int, count: Int, peak: Float = 0.5) -> [Float] {
  (0..<count).map { peak * Float(sin(2 * Double.pi * hertz * Double($0) / Double(rate))) }
}

/// A new folder that is removed with its contents after `body`.
func withSoundFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("percept-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}
