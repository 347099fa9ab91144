import Files
import FoundationEssentials
import Glibc
import ModelFormats
import Testing

/// Where the tests find their files.
enum Place {
  static let tests = String(#filePath.dropLast("/Fixtures.swift".count))
  static let package = tests.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")

  /// The configurations of Debian's package darknet, unpacked by the tests' set-up; nil if they are not there.
  static let configurations: String? = {
    let roots = ["\(package)/.build-samples/darknet", environment("PERCEPT_DARKNET") ?? "", ""]
    return roots.map { "\($0)/usr/share/darknet/cfg" }.first(where: isFolder)
  }()

  /// The weights of yolov3-tiny in the model store; nil if they are not installed.
  static let tinyWeights: String? = {
    let path = "\(models)/yolov3-tiny/yolov3-tiny.weights"
    return unsafe access(path, R_OK) == 0 ? path : nil
  }()

  /// The model store.
  static let models: String = {
    let cache = environment("XDG_CACHE_HOME") ?? "\(environment("HOME") ?? "")/.cache"
    return environment("PERCEPT_MODELS") ?? "\(cache)/percept/models"
  }()

  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}

func fixture<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  try JSONDecoder().decode(Value.self, from: Data(readFile("\(Place.tests)/Fixtures/\(name)")))
}

/// A folder that is removed with everything in it.
final class ScratchFolder {
  let path: String

  init() throws {
    path = "/tmp/percept-formats-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try createFolder(path)
  }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try writeFile("\(path)/\(name)", bytes)
    return "\(path)/\(name)"
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// noise[i] = ((i · 2654435761 + 12345) mod 2³²) / 2³²
func noise(_ count: Int) -> [Float] {
  (0..<count).map { Float(Double(UInt32(truncatingIfNeeded: $0 &* 2_654_435_761 &+ 12345)) / 4_294_967_296) }
}

func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * Number($0))) }
}

func floats(_ numbers: [Float]) -> [UInt8] { numbers.flatMap { littleEndian($0.bitPattern) } }

/// Expects |found − expected| ≤ tolerance · (1 + |expected|), element by element.
func expectClose(
  _ found: [Float], _ expected: [Float], tolerance: Float, _ what: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record("\(what()): \(found.count) numbers, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, (a, b)) in zip(found, expected).enumerated() where !(abs(a - b) <= tolerance * (1 + abs(b))) {
    Issue.record("\(what()): [\(index)] is \(a), expected \(b)", sourceLocation: sourceLocation)
    return
  }
}

/// The error that reading a configuration ends with, nil if there is none.
func failure(_ text: String, weights: String? = nil, size: (width: Int, height: Int)? = nil, limits: DarknetLimits = DarknetLimits()) -> DarknetError? {
  do throws(DarknetError) {
    _ = try DarknetNetwork(DarknetConfiguration(text: text, path: "net.cfg", limits: limits), weights: weights, inputSize: size, limits: limits)
    return nil
  } catch {
    return error
  }
}
