import Foundation
import Media
import Tensors
import Training

/// A new folder that is removed with its contents after `body`.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

let shared: URL = ProcessInfo.processInfo.environment["PERCEPT_SHARED"].map { URL(fileURLWithPath: $0) }
  ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared")
let hasShared = FileManager.default.fileExists(atPath: shared.appendingPathComponent("data/cats/train_catvnoncat.h5").path)

/// Bright squares on dark ground (class 1) and the other way round, with noise.
func squares(_ count: Int, side: Int = 16, seed: UInt64 = 1) -> PictureSet {
  var random = RandomNumbers(seed: seed), set = PictureSet(classes: ["dark", "bright"], width: side, height: side, source: "squares")
  for index in 0..<count {
    let isBright = index % 2 == 1, left = Int(random.uniform() * 6), top = Int(random.uniform() * 6)
    var pixels = [UInt8](repeating: 0, count: side * side * 3)
    for row in 0..<side {
      for column in 0..<side {
        let isInside = (top..<top + 8).contains(row) && (left..<left + 8).contains(column), value: Float = isInside == isBright ? 180 : 70
        for channel in 0..<3 { pixels[(row * side + column) * 3 + channel] = UInt8(min(255, max(0, value + 25 * random.normal()))) }
      }
    }
    set.add(Image(width: side, height: side, pixels: pixels), label: index % 2, name: "\(index)")
  }
  return set
}
