import Files
import Learning
import ModelFormats
import Tensors
import Testing
import TriggerWords

@Suite struct TriggerModelTests {
  @Test(arguments: TriggerNetwork.Kind.allCases) func comesBackFromItsFile(kind: TriggerNetwork.Kind) throws {
    let folder = try TemporaryFolder()
    var model = ScoreStreamTests.model(kind)
    model.notes["recall"] = "0.9"
    try model.save(to: "\(folder.path)/a.safetensors")
    let again = try TriggerModel.load("\(folder.path)/a.safetensors")
    #expect(again.phrase == "computer" && again.threshold == 0.5 && again.phraseSeconds == 0.7 && again.notes == ["recall": "0.9"])
    #expect(again.network.kind == kind)
    for (a, b) in zip(model.network.parameters, again.network.parameters) { #expect(a.name == b.name && a.parameter.value == b.parameter.value) }
    try again.save(to: "\(folder.path)/b.safetensors")
    let bytes = try (readFile("\(folder.path)/a.safetensors"), readFile("\(folder.path)/b.safetensors"))
    #expect(bytes.0 == bytes.1)
  }

  @Test func otherFilesAreRefused() throws {
    var tensors = NamedTensors()
    tensors["a"] = Tensor([1])
    let folder = try TemporaryFolder(), path = "\(folder.path)/x.safetensors"
    func failure() -> String { do { return "\(try TriggerModel.load(path))" } catch { return "\(error)" } }
    #expect(failure().contains("x.safetensors"))
    try SafetensorsFile.write(tensors, to: path)
    #expect(failure().contains("another kind of safetensors file") && failure().contains("triggerword train"))
    let good = ["format": "percept.triggerword/1", "kind": "causal", "phrase": "x", "threshold": "0.5", "phrase seconds": "1"]
    for (name, wrong) in [("kind", "transformer"), ("phrase", ""), ("threshold", "2"), ("phrase seconds", "-1")] {
      try SafetensorsFile.write(tensors, metadata: good.merging([name: wrong]) { $1 }, to: path)
      #expect(failure().contains("“\(wrong)” for \(name)"), "\(failure())")
    }
    try SafetensorsFile.write(tensors, metadata: good, to: path)
    #expect(failure().contains("stem.convolution.weight"))
    try writeFile(path, Array("RIFF".utf8))
    #expect(failure().contains("safetensors"))
  }
}
