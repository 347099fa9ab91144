import Files
import ModelStore
import Testing

@Suite struct ModelRegistryTests {
  /// The registry as it is in Assets/, whatever `$PERCEPT_ASSETS` says.
  func registry() throws -> (registry: ModelRegistry, json: [UInt8]) {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let json = try readFile("\(root)/Assets/models.json")
    return (try ModelRegistry(json: json, path: "models.json"), json)
  }

  @Test func holdsEveryModel() throws {
    let names = try registry().registry.models.map(\.name)
    for name in [
      "yolov3-tiny", "dlib-face-resnet", "mtcnn-pnet", "mtcnn-rnet", "mtcnn-onet", "efficientnet-lite0", "vgg16-hed", "style-predict", "style-transform",
      "style-26", "sample-pictures",
    ] { #expect(names.contains(name)) }
  }

  @Test func entriesAreComplete() throws {
    for model in try registry().registry.models {
      for text in [model.task, model.license, model.origin, model.quality] { #expect(!text.isEmpty, "\(model.name)") }
      for file in model.files {
        var seenPackage = false
        for source in file.sources {
          switch source {
          case .url(let url, _):
            #expect(url.hasPrefix("https://") || url.hasPrefix("http://"), "\(model.name)")
            #expect(!seenPackage, "\(model.name): the author's address comes first")
          case .python(let package, let version, let member):
            seenPackage = true
            #expect(!package.isEmpty && !version.isEmpty && !member.hasPrefix("/") && !member.contains(".."), "\(model.name)")
          case .debian(let package, let member):
            seenPackage = true
            #expect(!package.isEmpty && !member.hasPrefix("/") && !member.contains(".."), "\(model.name)")
          }
        }
        #expect(seenPackage, "\(model.name): \(file.name) has no package")
      }
    }
  }

  @Test func builtInIsTheFileInAssets() throws {
    let (registry, _) = try registry()
    #expect(try ModelRegistry.load().models == registry.models)
  }

  @Test func unknownNameSuggestsCloseOnes() throws {
    let registry = try registry().registry
    #expect(try registry.entry(named: "style-26").name == "style-26")
    for (wrong, right) in [("yolo3-tiny", "yolov3-tiny"), ("YOLOv3-tiny", "yolov3-tiny"), ("mtcnn-pnett", "mtcnn-pnet"), ("hed", "vgg16-hed")] {
      let error = #expect(throws: ModelStoreError.self) { try registry.entry(named: wrong) }
      #expect(error?.description.contains("did you mean") == true && error?.description.contains(right) == true)
    }
    let error = #expect(throws: ModelStoreError.self) { try registry.entry(named: "zzzzzzzz") }
    #expect(error?.description.contains("percept models list") == true)
  }

  @Test(arguments: [
    ("", "not JSON"), ("[]", "wrong type"), ("{}", "missing"), (#"{"schema":"other/1","models":[]}"#, "other/1"),
    (model(name: "../x"), "cannot be a model's name"), (model(name: ".hidden"), "cannot be a model's name"), (model(name: ""), "cannot be a model's name"),
    (model(file: "../../etc/passwd"), "cannot be a file's name"), (model(file: ".verified"), "cannot be a file's name"),
    (model(sha256: "abc"), "not a SHA-256"), (model(sha256: String(repeating: "G", count: 64)), "not a SHA-256"), (model(bytes: "-1"), "size -1"),
    (model(bytes: "\"12\""), "wrong type"), (model(sources: "[]"), "no sources"), (model(sources: "[{}]"), "missing"),
    (model(sources: #"[{"python":"p","member":"m"}]"#), "\"version\" is missing"),
  ])
  func badRegistry(json: String, problem: String) {
    let error = #expect(throws: ModelStoreError.self) { try ModelRegistry(json: Array(json.utf8), path: "/assets/models.json") }
    #expect(error?.description.hasPrefix("/assets/models.json: ") == true)
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }

  @Test func goodRegistryOfTheSameForm() throws {
    #expect(try ModelRegistry(json: Array(Self.model().utf8), path: "x").models[0].files[0].bytes == 1)
  }

  static func model(
    name: String = "a", file: String = "b", bytes: String = "1", sha256: String = String(repeating: "0", count: 64), sources: String = #"[{"url":"https://c"}]"#
  ) -> String {
    """
    {"schema":"percept.registry/1","models":[{"name":"\(name)","task":"t","license":"l","origin":"o","quality":"q","files":[
      {"name":"\(file)","bytes":\(bytes),"sha256":"\(sha256)","sources":\(sources)}]}]}
    """
  }
}
