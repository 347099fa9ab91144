import Files
import FoundationEssentials
import Tensors
import TestSupport

let testFolder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")

/// Reference material that is not part of the package.
let sharedFolder: String = {
  if let named = ProcessInfo.processInfo.environment["PERCEPT_SHARED"] { return named }
  return testFolder + "/../../../shared"
}()
let hasShared = isFolder(sharedFolder)

func fixture<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  try readJSON("\(testFolder)/Fixtures/\(name)", as: type)
}

/// The numbers of a NumPy file of float32 in row-major order, format 1.0: six bytes of magic, two of version, two of header length, header, numbers.
func readNumPyFloats(_ path: String) throws -> [Float] {
  let bytes = try readFile(path)
  let start = 10 + Int(bytes[8]) + Int(bytes[9]) * 256
  return stride(from: start, to: bytes.count, by: 4).map { place in
    Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
  }
}

/// `noise[i] = ((2654435761 i + 12345) mod 2³²) / 2³²`: what the fixtures' scripts use.
func noise(_ shape: Shape) -> Tensor {
  Tensor(shape, (0..<shape.count).map { Float(Double(($0 &* 2_654_435_761 &+ 12345) & 0xFFFF_FFFF) / 4_294_967_296) })
}
