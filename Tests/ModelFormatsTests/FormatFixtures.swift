import Files
import FoundationEssentials
import Glibc
import ModelFormats
import Tensors
import Testing

/// What a file of `Fixtures/formats` holds, as the program that wrote it says.
struct StoredNumbers: Decodable {
  var shape: [Int]
  var values: [Float]
}

/// A tensor of a published network, in summary.
struct TensorSummary: Decodable {
  var name: String
  var shape: [Int]
  var sum, magnitude, first, last: Double
}

extension Place {
  static func format(_ name: String) -> String { "\(tests)/Fixtures/formats/\(name)" }

  /// By file, then by name.
  static let formats: [String: [String: StoredNumbers]] = try! fixture("formats.json")

  /// A file in the model store, nil if it is not installed.
  static func model(_ path: String) -> String? {
    let path = "\(models)/\(path)"
    return unsafe access(path, R_OK) == 0 ? path : nil
  }

  /// A file of the data folder that the tests may be given, nil if it is not there.
  static func shared(_ path: String) -> String? {
    let path = "\(environment("PERCEPT_SHARED") ?? "\(package)/../shared")/data/\(path)"
    return unsafe access(path, R_OK) == 0 ? path : nil
  }
}

/// Expects shape and numbers as the fixture says, exactly.
func expectEqual(_ found: Tensor?, _ expected: StoredNumbers, _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
  guard let found else {
    Issue.record("there is no \(what)", sourceLocation: sourceLocation)
    return
  }
  #expect(found.shape == Shape(expected.shape), "\(what)", sourceLocation: sourceLocation)
  #expect(found.elements == expected.values, "\(what)", sourceLocation: sourceLocation)
}

/// Expects the tensor that the summary is of. Sums in double precision of the same numbers differ only by their order.
func expectSummary(_ found: Tensor?, _ expected: TensorSummary) {
  guard let found, let first = found.elements.first, let last = found.elements.last else {
    Issue.record("there is no \(expected.name)")
    return
  }
  let tolerance = 1e-9 * expected.magnitude
  #expect(found.shape == Shape(expected.shape), "\(expected.name)")
  #expect(Double(first) == expected.first && Double(last) == expected.last, "\(expected.name)")
  #expect(abs(found.elements.reduce(0) { $0 + Double($1) } - expected.sum) <= tolerance, "\(expected.name)")
  #expect(abs(found.elements.reduce(0) { $0 + Double(abs($1)) } - expected.magnitude) <= tolerance, "\(expected.name)")
}

/// The description of the error that `body` ends with, nil if there is none.
func problem(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// Reads every beginning of a file, and the file with one byte after the other changed, or one in `step` of both: the first must fail and name the
/// file, the second must not trap.
func checkDamage(
  _ file: String, step: Int = 1, sourceLocation: SourceLocation = #_sourceLocation, read: (String) throws -> Void
) throws {
  let whole = try readFile(file)
  let folder = try ScratchFolder()
  try read(file)
  for count in stride(from: 0, to: whole.count, by: step) {
    let path = try folder.write("cut", Array(whole.prefix(count)))
    let message = problem { try read(path) }
    if message?.hasPrefix(path) != true {
      Issue.record("\(file), cut to \(count) bytes: \(message ?? "no error")", sourceLocation: sourceLocation)
      return
    }
  }
  var generator = RandomNumbers(seed: 7)
  for index in stride(from: 0, to: whole.count, by: step) {
    var changed = whole
    let mask = UInt8.random(in: 1...255, using: &generator)
    changed[index] ^= index % 3 == 0 ? 0xFF : mask
    let path = try folder.write("changed", changed)
    let message = problem { try read(path) }
    #expect(message?.hasPrefix(path) != false, "\(file), byte \(index): \(message ?? "")", sourceLocation: sourceLocation)
  }
}
