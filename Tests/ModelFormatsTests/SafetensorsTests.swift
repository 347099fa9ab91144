import Files
import ModelFormats
import Tensors
import Testing

@Suite struct SafetensorsTests {
  /// A file with `header` and `data`.
  private func file(_ folder: ScratchFolder, _ header: String, data: [UInt8] = []) throws -> String {
    try folder.write("a.safetensors", littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data)
  }

  private func failure(_ header: String, data: [UInt8] = []) throws -> String {
    let folder = try ScratchFolder()
    let path = try file(folder, header, data: data)
    let message = try #require(problem { _ = try SafetensorsFile(path).tensors })
    #expect(message.hasPrefix(path))
    return message
  }

  @Test func everyKindOfNumberOfTheReferenceImplementation() throws {
    let file = try SafetensorsFile(Place.format("kinds.safetensors"))
    let expected = try #require(Place.formats["kinds.safetensors"])
    #expect(Set(file.names) == Set(expected.keys))
    for (name, numbers) in expected {
      expectEqual(try file.tensor(name), numbers, name)
      #expect(file.shape(of: name) == Shape(numbers.shape))
    }
    #expect(file.metadata == ["format": "pt", "note": "a \"b\" \\ é 😀"])
    #expect(file.tensors.names == file.names)
  }

  @Test func everyNumberOf16Bits() throws {
    let folder = try ScratchFolder()
    let bits = (0...UInt16.max).flatMap { littleEndian($0) }
    let header = #"{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]},"#
      + #""b":{"dtype":"BF16","shape":[65536],"data_offsets":[131072,262144]}}"#
    let path = try file(folder, header, data: bits + bits)
    let half = try SafetensorsFile(path).tensor("h").elements, brain = try SafetensorsFile(path).tensor("b").elements
    for index in 0...UInt16.max {
      let expected = Float(Float16(bitPattern: index)), found = half[Int(index)]
      #expect(found.isNaN ? expected.isNaN : found.bitPattern == expected.bitPattern, "\(index)")
      #expect(brain[Int(index)].bitPattern == UInt32(index) << 16)
    }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let folder = try ScratchFolder()
    var tensors = NamedTensors()
    tensors["z"] = Tensor([2, 3], noise(6))
    tensors["a \"quoted\" \\ \n é"] = Tensor([], [-0.0])
    tensors["empty"] = Tensor([0, 4])
    tensors["special"] = Tensor([4], [.infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    let path = folder.path + "/b.safetensors"
    try SafetensorsFile.write(tensors, metadata: ["step": "7", "a\t": "\u{1}é"], to: path)
    let file = try SafetensorsFile(path)
    #expect(file.metadata == ["step": "7", "a\t": "\u{1}é"])
    #expect(Set(file.names) == Set(tensors.names))
    for (name, tensor) in tensors { #expect(try file.tensor(name) == tensor, "\(name)") }
    #expect(try file.tensor("a \"quoted\" \\ \n é").elements[0].sign == .minus)
  }

  @Test func sameTensorsGiveSameBytesWhateverTheirOrder() throws {
    let folder = try ScratchFolder()
    var forward = NamedTensors(), backward = NamedTensors()
    let names = ["b", "a", "B", "ä", "a.b", "a-b"]
    for name in names { forward[name] = Tensor([3], noise(3)) }
    for name in names.reversed() { backward[name] = Tensor([3], noise(3)) }
    try SafetensorsFile.write(forward, metadata: ["x": "1", "y": "2"], to: folder.path + "/f")
    try SafetensorsFile.write(backward, metadata: ["y": "2", "x": "1"], to: folder.path + "/b")
    let bytes = try readFile(folder.path + "/f")
    #expect(try readFile(folder.path + "/b") == bytes)
    let size = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect((8 + size) % 64 == 0)
    #expect(bytes.count == 8 + size + 4 * 3 * names.count)
    #expect(try SafetensorsFile(folder.path + "/f").names == ["B", "a", "a-b", "a.b", "b", "ä"])
    let expected = #"{"__metadata__":{"x":"1","y":"2"},"B":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}"#
    #expect(String(decoding: bytes[8..<8 + size], as: UTF8.self).hasPrefix(expected))
  }

  @Test func noTensorsAreAFileToo() throws {
    let folder = try ScratchFolder()
    try SafetensorsFile.write(NamedTensors(), to: folder.path + "/none")
    #expect(try SafetensorsFile(folder.path + "/none").names == [])
  }

  @Test func writingSaysWhatIsWrong() throws {
    var tensors = NamedTensors()
    tensors["__metadata__"] = Tensor([1])
    #expect(problem { try SafetensorsFile.write(tensors, to: "/tmp/never") }?.contains("“__metadata__”") == true)
    #expect(problem { try SafetensorsFile.write(NamedTensors(), to: "/no/such/folder/a") }?.contains("the folder does not exist") == true)
  }

  @Test func aMissingTensorIsNamed() throws {
    let file = try SafetensorsFile(Place.format("kinds.safetensors"))
    #expect(problem { _ = try file.tensor("weight") }?.contains("there is no tensor “weight” among its 13") == true)
  }

  static let cases: [(header: String, bytes: Int, expected: String)] = [
    ("", 0, "expected { in the header, found the end"),
    ("[]", 0, "expected {"),
    ("{", 0, "expected \""),
    ("{} x", 0, "expected nothing after the header's object"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "tensor “a”: expected 8 bytes for the shape 2, found data_offsets that span 4"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "tensor “a”: expected 4 bytes of numbers, found 3"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "expected 4 bytes of numbers, found 5"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "tensor “a”: expected data_offsets from 0"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
     "expected data_offsets from 4"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "“a” stands twice"),
    (#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, 1, "“F8_E4M3”, expected BOOL, U8 to U64"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "expected a whole number from 0 up"),
    (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4, "expected ]"),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4, "expected a whole number below 2⁶³"),
    (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, "more numbers than any memory holds"),
    (#"{"a":{"dtype":"F32","shape":[9223372036854775807,4,0],"data_offsets":[0,0]}}"#, 0, "more numbers than any memory holds"),
    (#"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}"#, 4, "expected at most 8 axes, found 9"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "expected begin and end"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "expected begin and end"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "lacks one of dtype, shape and data_offsets"),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "“dtype”, expected dtype, shape and data_offsets once each"),
    (#"{"a":{"dtype":"F32","colour":"red","shape":[1],"data_offsets":[0,4]}}"#, 4, "“colour”"),
    (#"{"__metadata__":{"a":1}}"#, 0, "expected \""),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0, "“a” stands twice in __metadata__"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "__metadata__ stands twice"),
    (#"{"\uD83D":{}}"#, 0, "expected a whole character"),
    (#"{"\uD83Dx":{}}"#, 0, "expected a whole character"),
    (#"{"\q":{}}"#, 0, "expected a known escape"),
    ("{\"a\n\":{}}", 0, "without control characters"),
  ]

  @Test(arguments: cases) func badHeader(_ test: (header: String, bytes: Int, expected: String)) throws {
    let message = try failure(test.header, data: Array(repeating: 0, count: test.bytes))
    #expect(message.contains(test.expected), "\(test.header): \(message)")
  }

  @Test func hostileHeaderSizes() throws {
    let folder = try ScratchFolder()
    for size in [3, 1_000_000, 100_000_001, UInt64(Int64.max), UInt64.max] {
      let path = try folder.write("a", littleEndian(size) + [0x7B, 0x7D])
      let message = try #require(problem { _ = try SafetensorsFile(path) })
      #expect(message.contains("found \(size <= 100_000_000 ? "2" : "\(size)")"), "\(message)")
    }
    #expect(problem { _ = try SafetensorsFile(folder.path + "/none") }?.contains("no such file") == true)
    #expect(problem { _ = try SafetensorsFile(folder.path) }?.contains("directory") == true)
  }

  @Test func damagedFiles() throws {
    try checkDamage(Place.format("kinds.safetensors")) { _ = try SafetensorsFile($0).tensors }
  }
}
