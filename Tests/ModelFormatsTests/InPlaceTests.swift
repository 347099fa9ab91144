import Files
import Glibc
import ModelFormats
import Tensors
import Testing

/// Floats are read where they lie in the mapped file: a tensor shows what is written there after it was made.
@Suite struct InPlaceTests {
  /// Writes `numbers` over the end of a file, without replacing it.
  private func overwrite(_ path: String, _ numbers: [Float]) throws {
    let bytes = floats(numbers)
    let descriptor = unsafe open(path, O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    #expect(unsafe pwrite(descriptor, bytes, bytes.count, end - bytes.count) == bytes.count)
  }

  @Test func safetensors() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/a.safetensors"
    var tensors = NamedTensors()
    tensors["a"] = Tensor([2, 3], noise(6))
    try SafetensorsFile.write(tensors, to: path)
    let found = try SafetensorsFile(path).tensor("a")
    try overwrite(path, [6, 5, 4, 3, 2, 1])
    #expect(found == Tensor([2, 3], [6, 5, 4, 3, 2, 1]))
  }

  @Test func numPy() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/a.npy"
    try NumPyFile.write(Tensor([4], noise(4)), to: path)
    let found = try NumPyFile.load(path).tensor
    try overwrite(path, [4, 3, 2, 1])
    #expect(found.elements == [4, 3, 2, 1])
  }

  /// A tensor outlives the file's name and everything else that was made to read it, and a copy that is changed leaves the file alone.
  @Test func tensorsKeepTheirFile() throws {
    var found: Tensor
    do {
      let folder = try ScratchFolder()
      found = try #require(try PyTorchFile.load(try folder.write("a.pt", readFile(Place.format("single.pt"))))[""])
    }
    let expected = try #require(Place.formats["single.pt"]?[""])
    expectEqual(found, expected, "after its file is gone")
    let copy = found
    found[0, 0] = 99
    #expect(found[0, 0] == 99 && copy[0, 0] == expected.values[0])
  }
}
