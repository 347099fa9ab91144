import Foundation
import Kernels
import Learning
import Media
import ModelStore
import StyleTransfer
import Tensors
import Testing

let shared: URL = {
  let named = ProcessInfo.processInfo.environment["PERCEPT_SHARED"].map { URL(fileURLWithPath: $0) }
  return named ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared")
}()
let hasShared = FileManager.default.fileExists(atPath: shared.appendingPathComponent("reference/networks.json").path)
let registered: String? = try? ModelStore().locate(PerceptualNetwork.model).values.first

func json(_ path: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: shared.appendingPathComponent(path))) as? [String: Any])
}

/// A course's case by its name.
func courseCase(_ id: String) throws -> [String: Any] {
  let cases = try #require(try json("reference/course-cases.json")["cases"] as? [[String: Any]])
  return try #require(cases.first { $0["id"] as? String == id })
}

/// All numbers of nested lists, in order.
func numbers(_ value: Any?) -> [Float] {
  if let list = value as? [Any] { return list.flatMap { numbers($0) } }
  return (value as? Double).map { [Float($0)] } ?? []
}

/// A small random network, the same each time: its weights are as large as leaves features their size.
func smallNetwork(_ depth: VGGFeatures.Depth = .sixteen) -> PerceptualNetwork {
  var random = RandomNumbers(seed: 5)
  return PerceptualNetwork(name: "random", features: VGGFeatures(depth, using: &random), means: [120, 115, 105])
}

/// A picture of coloured waves.
func waves(_ width: Int, _ height: Int, period: Double = 9, hue: Double = 0.1, seed: Double = 0) -> Image {
  var image = Image(width: width, height: height, filledWith: (0, 0, 0))
  for row in 0..<height {
    for column in 0..<width {
      let wave = 0.5 + 0.5 * sin(2 * .pi * (Double(column) + 0.7 * Double(row) + seed) / period), pixel = (row * width + column) * 3
      let color = Color(hue: hue + 0.1 * wave, saturation: 0.6, value: 0.25 + 0.6 * wave)
      image.pixels[pixel] = UInt8(color.red * 255)
      image.pixels[pixel + 1] = UInt8(color.green * 255)
      image.pixels[pixel + 2] = UInt8(color.blue * 255)
    }
  }
  return image
}

/// A picture with a bright disc.
func disc(_ width: Int, _ height: Int) -> Image {
  var image = Image(width: width, height: height, filledWith: (40, 60, 120))
  for row in 0..<height {
    for column in 0..<width where pow(Double(column) - Double(width) / 2, 2) + pow(Double(row) - Double(height) / 2, 2) < pow(Double(min(width, height)) / 3, 2) {
      let pixel = (row * width + column) * 3
      (image.pixels[pixel], image.pixels[pixel + 1], image.pixels[pixel + 2]) = (230, 180, UInt8(60 + column % 40))
    }
  }
  return image
}

func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("style-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
