import ModelFormats
import Testing

@Suite struct DarknetConfigurationTests {
  @Test func readsDarknetsHabits() throws {
    let text = "\n# a comment\n[net]\r\n; another\r\n width = 8 \n\nheight\t=4 # and one here\n[ conv olutional ]\n filters = 1 6\nanchors = 1,2,  3.5,.25\nfilters=9\n"
    let configuration = try DarknetConfiguration(text: text, path: "a.cfg")
    #expect(configuration.sections.map(\.name) == ["net", "convolutional"])
    #expect(configuration.sections.map(\.line) == [3, 8])
    let net = configuration.sections[0], convolution = configuration.sections[1]
    #expect(try net.integer("width", in: 1...100) == 8)
    #expect(try net.integer("height", in: 1...100) == 4)
    #expect(net.option("height")?.line == 7)
    #expect(try net.integer("depth", default: 3, in: 1...100) == 3)
    #expect(try convolution.integer("filters", in: 1...100) == 16, "the first of two, and white space counts nowhere")
    #expect(try convolution.numbers("anchors") == [1, 2, 3.5, 0.25])
    #expect(try convolution.numbers("mask") == nil)
    #expect(try convolution.flag("pad") == false)
  }

  @Test func listsMayEndWithAComma() throws {
    let section = try DarknetConfiguration(text: "[route]\nlayers=-1, -4,\nnone=", path: "a.cfg").sections[0]
    #expect(try section.integers("layers", in: -9...9) == [-1, -4])
    #expect(throws: DarknetError.self) { try section.integers("none", in: -9...9) }
  }

  @Test(arguments: [
    ("", "line 1: expected sections such as [net] and [convolutional], found none"),
    ("# nothing\n\n", "found none"),
    ("width=3\n[net]", "line 1: expected a section such as [net] first, found “width=3”"),
    ("[net]\nwidth 3", "line 2, [net]: expected key=value or [section], found “width3”"),
    ("[net]\n=3", "line 2, [net]: expected key=value"),
    ("[net\nwidth=3", "line 1: expected a section like [net], found “[net”"),
    ("[]\n", "line 1: expected a section like [net]"),
  ])
  func whatIsNoConfigurationSaysWhere(text: String, expected: String) {
    let message = failure(text)?.description ?? "no error"
    #expect(message.hasPrefix("net.cfg, "))
    #expect(message.contains(expected), "\(message)")
  }

  @Test func binaryGarbageIsAnError() {
    var state: UInt32 = 7
    let bytes = (0..<5000).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
    #expect(throws: DarknetError.self) { try DarknetConfiguration(bytes: bytes, path: "a.cfg") }
    #expect(throws: DarknetError.self) { try DarknetConfiguration(bytes: Array(repeating: 0, count: 100), path: "a.cfg") }
  }

  @Test func missingFileAndFolderAreErrors() {
    #expect(throws: DarknetError.file(.init(path: "/nowhere.cfg", reason: .missing))) { try DarknetConfiguration(path: "/nowhere.cfg") }
    #expect(throws: DarknetError.file(.init(path: "/tmp", reason: .directory))) { try DarknetConfiguration(path: "/tmp") }
  }

  @Test func limitsHold() {
    var limits = DarknetLimits()
    limits.sections = 2
    #expect(failure("[net]\n[cost]\n[cost]", limits: limits)?.description.contains("limit of 2 sections") == true)
  }
}
