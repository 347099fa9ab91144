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

  /// A committee, and a network that is narrower than today's.
  @Test(arguments: [[128, 128], [64], [8, 8, 8]]) func membersAndWidthsComeBack(channels: [Int]) throws {
    let folder = try TemporaryFolder()
    var random = RandomNumbers(seed: 3)
    let network = TriggerNetwork(channels.map { TriggerNetwork(.causal, channels: $0, using: &random) })
    try TriggerModel(phrase: "x", network: network, threshold: 0.5, phraseSeconds: 1).save(to: "\(folder.path)/a.safetensors")
    let again = try TriggerModel.load("\(folder.path)/a.safetensors").network
    #expect(again.members.count == channels.count && again.parameters.map(\.name) == network.parameters.map(\.name))
    for (a, b) in zip(network.parameters, again.parameters) { #expect(a.parameter.value == b.parameter.value) }
  }

  @Test func halvesTakeHalfTheFile() throws {
    let folder = try TemporaryFolder()
    var model = ScoreStreamTests.model(.causal)
    try model.save(to: "\(folder.path)/a.safetensors")
    let before = model.network.parameters
    model.network.roundToHalves()
    try model.save(to: "\(folder.path)/b.safetensors")
    let sizes = try ["a", "b"].map { try readFile("\(folder.path)/\($0).safetensors").count }
    #expect(sizes[1] < sizes[0] * 54 / 100, "\(sizes)")
    let again = try TriggerModel.load("\(folder.path)/b.safetensors").network.parameters
    for ((a, b), old) in zip(zip(model.network.parameters, again), before) {
      #expect(a.name == b.name && a.parameter.value == b.parameter.value)
      let isNear = zip(a.parameter.value.elements, old.parameter.value.elements).allSatisfy { abs($0 - $1) <= max(abs($1) / 2048, 6e-8) }
      #expect(isNear, "\(a.name)")
    }
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
    for (name, wrong) in [("kind", "transformer"), ("phrase", ""), ("threshold", "2"), ("phrase seconds", "-1"), ("members", "17")] {
      try SafetensorsFile.write(tensors, metadata: good.merging([name: wrong]) { $1 }, to: path)
      #expect(failure().contains("“\(wrong)” for \(name)"), "\(failure())")
    }
    try SafetensorsFile.write(tensors, metadata: good, to: path)
    #expect(failure().contains("stem.convolution.weight"))
    try writeFile(path, Array("RIFF".utf8))
    #expect(failure().contains("safetensors"))
  }
}
