import Files
import ModelFormats
import Tensors
import Testing

@Suite struct PyTorchTests {
  static let good = ["state.zip.pt", "state.old.pt", "state.protocol4.pt", "state.old4.pt", "nested.zip.pt", "nested.old.pt", "single.pt"]

  @Test(arguments: good) func tensorsAreThoseOfPyTorch(_ name: String) throws {
    let found = try PyTorchFile.load(Place.format(name))
    let expected = try #require(Place.formats[name])
    #expect(Set(found.names) == Set(expected.keys))
    for (key, numbers) in expected { expectEqual(found[key], numbers, "\(name), \(key)") }
  }

  @Test func namesKeepTheirOrder() throws {
    let found = try PyTorchFile.load(Place.format("state.old.pt"))
    #expect(found.names.prefix(4) == ["conv.weight", "conv.bias", "transposed", "part"])
    #expect(found.dropping(prefix: "conv.").names == ["weight", "bias"])
  }

  @Test(arguments: [
    ("command", "posix.system"), ("network", "torch.nn.modules.linear.Linear"), ("complex", "torch.ComplexFloatStorage"), ("set", "builtins.set"),
  ], ["zip", "old"])
  func everyOtherConstructorIsRefusedByName(_ test: (file: String, name: String), form: String) throws {
    if test.file == "network" && form == "old" { return }  // the old format has the source of the class in it: see PyTorchBadInputTests
    let path = Place.format("refused-\(test.file).\(form).pt")
    let message = try #require(problem { _ = try PyTorchFile.load(path) })
    let name = test.file == "set" ? test.name.replacing("builtins", with: "__builtin__") : test.name
    #expect(message.hasPrefix(path) && message.contains("“\(name)”") && message.contains("nothing was run"), "\(message)")
  }

  @Test(arguments: [good[0], good[1], good[3]]) func damagedFiles(_ name: String) throws {
    try checkDamage(Place.format(name), step: 3) { _ = try PyTorchFile.load($0) }
  }

  static let networks = ["mtcnn-pnet/pnet.pt", "efficientnet-lite0/efficientnet-lite0.pth"]

  @Test(
    .enabled(if: networks.allSatisfy { Place.model($0) != nil }, "needs the networks: percept models pull mtcnn-pnet efficientnet-lite0"),
    arguments: networks)
  func publishedNetworks(_ path: String) throws {
    let file = try #require(Place.model(path))
    let expected = try #require(try fixture("published-tensors.json", as: [String: [TensorSummary]].self)[path])
    let found = try PyTorchFile.load(file)
    #expect(found.names == expected.map(\.name))
    for summary in expected { expectSummary(found[summary.name], summary) }
  }
}

/// Pickles written by hand inside a file of the old format.
@Suite struct PyTorchBadInputTests {
  static let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
  static let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 3, 0x2E]
  static let properties: [UInt8] = pickle("}", text("little_endian"), [0x88], "s.")
  /// A storage "0" of `count` floats, then offset 0.
  static func storage(_ count: Int = 4, module: String = "torch", name: String = "FloatStorage", behind: [UInt8] = Array("N".utf8)) -> [UInt8] {
    Array("(".utf8) + text("storage") + Array("c\(module)\n\(name)\n".utf8) + text("0") + text("cpu") + integer(count) + behind + Array("tQ".utf8)
  }
  /// A call of `_rebuild_tensor_v2` with a storage, an offset, sizes and strides.
  static func tensor(in storage: [UInt8] = storage(), offset: Int = 0, _ sizes: [Int], _ strides: [Int]) -> [UInt8] {
    Array("ctorch._utils\n_rebuild_tensor_v2\n(".utf8) + storage + integer(offset) + tuple(sizes) + tuple(strides) + [0x89] + Array("NtR".utf8)
  }
  static func tuple(_ numbers: [Int]) -> [UInt8] { Array("(".utf8) + numbers.flatMap(integer) + Array("t".utf8) }
  static func integer(_ number: Int) -> [UInt8] { [0x8A, 8] + littleEndian(number) }
  static func text(_ text: String) -> [UInt8] { Array("X".utf8) + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8) }
  static func pickle(_ first: String, _ second: [UInt8] = [], _ third: [UInt8] = [], _ last: String = "") -> [UInt8] {
    [0x80, 2] + Array(first.utf8) + second + third + Array(last.utf8)
  }

  /// A file with `object`, a program without protocol and end, and the storage "0" of the numbers 0…3.
  static func file(_ object: [UInt8], keys: [String] = ["0"], count: Int = 4, numbers: [Float] = [0, 1, 2, 3]) -> [UInt8] {
    let list = keys.flatMap { text($0) + Array("a".utf8) }
    return magic + version + properties + [0x80, 2] + object + [0x2E] + pickle("]", list, [], ".") + littleEndian(Int64(count)) + floats(numbers)
  }

  private func load(_ bytes: [UInt8], limits: PyTorchLimits = PyTorchLimits()) throws -> NamedTensors {
    let folder = try ScratchFolder()
    return try PyTorchFile.load(try folder.write("a.pt", bytes), limits: limits)
  }

  private func failure(_ bytes: [UInt8], limits: PyTorchLimits = PyTorchLimits()) throws -> String {
    try #require(problem { _ = try load(bytes, limits: limits) })
  }

  @Test func aFileWrittenByHandIsRead() throws {
    let found = try load(Self.file(Self.tensor([2, 2], [1, 2])))
    #expect(found[""]?.elements == [0, 2, 1, 3])
    #expect(try load(Self.file(Self.tensor(offset: 3, [], [])))[""]?.elements == [3])
    #expect(try load(Self.file(Self.tensor(offset: 99, [0], [1])))[""]?.elements == [])
  }

  @Test func tensorsOutsideTheirStorage() throws {
    for (offset, sizes, strides) in [
      (0, [5], [1]), (4, [1], [1]), (1, [2, 2], [2, 1]), (-1, [1], [1]), (0, [2], [-1]), (0, [1, 2], [1]), (0, [2], [1, 1]), (Int.max, [2], [1]),
      (0, [3], [Int.max]),
      (0, [3, 3], [Int.max / 2, Int.max / 2]), (0, [-1], [1]), (0, [Int.max, 4], [0, 0]), (0, [1 << 30, 1 << 30], [0, 0]), (0, [1 << 40], [0]),
    ] {
      let message = try failure(Self.file(Self.tensor(offset: offset, sizes, strides)))
      #expect(message.contains("expected") || message.contains("limit") || message.contains("more numbers than any memory"), "\(message)")
    }
  }

  @Test func storagesThatAreNotThere() throws {
    let one = Self.tensor([1], [1])
    #expect(try failure(Self.file(one, keys: [], count: 4)).contains("there is no storage “0”"))
    #expect(try failure(Self.file(one, keys: ["1"])).contains("expected the keys of the tensors' storages"))
    #expect(try failure(Self.file(one, keys: ["0", "0"])).contains("once each"))
    #expect(try failure(Self.file(one, count: 5)).contains("expected 20 more bytes"))
    #expect(try failure(Self.file(one, count: -1)).contains("storage of -1 numbers"))
    #expect(try failure(Self.file(one, count: .max)).contains("storage of \(Int.max) numbers"))
    #expect(try failure(Self.file(one, count: 3)).contains("expected 4 numbers in the storage “0”, found 12 bytes"))
    #expect(try failure(Self.file(Self.tensor(in: Self.storage(.max), [1], [1]))).contains("expected \(Int.max) numbers"))
    #expect(try failure(Self.file(Self.tensor(in: Self.storage(-1), [1], [1]))).contains("expected the name of a storage"))
    #expect(try failure(Self.file(Self.tensor(in: Self.storage(behind: Self.tuple([1, 2, 3])), [1], [1]))).contains("before 0.4"))
  }

  @Test func constructorsAreAList() throws {
    for (module, name) in [
      ("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch._utils", "_rebuild_tensor_v3"), ("collections", "deque"), ("", ""),
    ] {
      let message = try failure(Self.file(Array("c\(module)\n\(name)\n".utf8)))
      #expect(message.contains("“\(module).\(name)”") && message.contains("state_dict()"), "\(message)")
      // STACK_GLOBAL takes the names off the stack.
      #expect(try failure(Self.file(Self.text(module) + Self.text(name) + [0x93])).contains("“\(module).\(name)”"))
    }
    #expect(try failure(Self.file(Self.tensor(in: Self.storage(name: "Tensor"), [1], [1]))).contains("“torch.Tensor”"))
    #expect(try failure(Self.file(Array("ctorch\nFloatStorage\n)R".utf8))).contains("found a call"))
    // Networks saved whole, in the old format.
    let network = Array("(".utf8) + Self.text("module") + Array("ctorch.nn.modules.linear\nLinear\n".utf8)
    #expect(try failure(Self.file(network)).contains("“torch.nn.modules.linear.Linear”"))
  }

  @Test func programsThatAreNone() throws {
    for (program, expected) in [
      ("", "expected one value at its end, found 0"), ("NN", "found 2"), ("(N", "expected one value"), ("0", "expected a value, found none"),
      ("N(0", "expected a value"), ("t", "expected a mark"), ("(N}u", "expected a value"), ("}(Nu", "expected keys and values"),
      ("NNa", "expected a list"), ("NNNs", "expected a dictionary"), ("N)R", "expected a constructor"), ("NQ", "expected the name of a storage"),
      ("Nb", "expected a value"), ("NNb", "expected a dictionary"), ("hA", "under 65"), ("i", "0x69"), ("o", "0x6F"), ("P", "0x50"),
      ("ccollections\nOrderedDict\n(NtR", "expected a list"), ("ccollections\nOrderedDict\n(](N]eetR", "expected a list"),
      ("ctorch._utils\n_rebuild_parameter\n)R", "expected a tensor for a parameter"),
      ("ctorch._utils\n_rebuild_tensor_v2\n)R", "expected a tensor's storage"),
    ] {
      let message = try failure(Self.file(Array(program.utf8)))
      #expect(message.contains(expected), "\(program): \(message)")
    }
    #expect(try failure(Self.file([0x80, 1])).contains("expected protocol 2 to 5, found 1"))
    #expect(try failure(Self.file([0x80, 6])).contains("found 6"))
    #expect(try failure(Self.file(Array("X".utf8) + littleEndian(UInt32.max))).contains("a text of 4294967295 bytes, more than the limit"))
    #expect(try failure(Self.file([0x8D] + littleEndian(UInt64.max))).contains("more than the limit"))
    #expect(try failure(Self.file([0x8B] + littleEndian(Int32(-1)))).contains("expected -1 more bytes"))
    #expect(try failure(Self.file([0x8B] + littleEndian(Int32.max))).contains("more than the limit"))
    #expect(try failure(Self.file(Array("X".utf8) + littleEndian(UInt32(1)) + [0xFF])).contains("not UTF-8"))
  }

  @Test func nestingIsLimited() throws {
    // A list in a list in a list, …; freeing it must not take a stack frame each.
    let deep = Array(repeating: UInt8(ascii: "]"), count: 300_000) + Array(repeating: UInt8(ascii: "a"), count: 299_999)
    #expect(try failure(Self.file(deep, keys: [])).contains("nested more than 64 deep"))
    // A list that holds itself.
    #expect(try failure(Self.file(Array("]q\u{0}h\u{0}a".utf8), keys: [])).contains("nested more than 64 deep"))
    // Forty lists, each of which holds the one before twice: 2⁴⁰ members in 200 bytes.
    var doubled = Array("]".utf8)
    for _ in 0..<40 { doubled += Array("q\u{0}0](h\u{0}h\u{0}e".utf8) }
    #expect(try failure(Self.file(doubled, keys: [])).contains("found more than the limit of 1000000 tensors and members"))
    var limits = PyTorchLimits()
    limits.operations = 1000
    #expect(try failure(Self.file(deep, keys: []), limits: limits).contains("more than the limit of 1000 steps"))
    limits = PyTorchLimits()
    limits.numbers = 7
    #expect(try failure(Self.file(Self.tensor([8], [0])), limits: limits).contains("more than the limit of 7"))
  }

  @Test func filesOfOtherKinds() throws {
    #expect(try failure([]).contains("not a file of torch.save"))
    #expect(try failure(Array("<!DOCTYPE html><html>not found</html>".utf8)).contains("not a file of torch.save"))
    #expect(try failure(Self.pickle("N.")).contains("not a file of torch.save"))
    #expect(try failure(try readFile(Place.format("stored.npz"))).contains("without data.pkl"))
    #expect(try failure(Self.magic + [0x80, 2, 0x4D, 0xEA, 3, 0x2E]).contains("expected version 1001"))
    #expect(try failure(Self.magic + Self.version + Self.pickle("}", Self.text("little_endian"), [0x89], "s.")).contains("little-endian"))
    #expect(problem { _ = try PyTorchFile.load("/no/such/file") }?.contains("no such file") == true)
  }
}
