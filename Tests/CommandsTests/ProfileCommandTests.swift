import Foundation
import Testing

/// `percept profile` as a user runs it.
@Suite struct ProfileCommandTests {
  private let configuration = """
    [net]
    width=32
    height=32
    channels=3

    [convolutional]
    batch_normalize=1
    filters=16
    size=3
    stride=1
    pad=1
    activation=leaky

    [maxpool]
    size=2
    stride=2

    [convolutional]
    filters=8
    size=1
    stride=1
    pad=1
    activation=linear
    """

  private func profile(_ arguments: String..., body: (Run) throws -> Void) throws {
    try withFolder { folder in
      try configuration.write(to: folder.appendingPathComponent("small.cfg"), atomically: true, encoding: .utf8)
      try "no weights".write(to: folder.appendingPathComponent("bad.weights"), atomically: true, encoding: .utf8)
      try body(try Run("percept", ["profile"] + arguments, in: folder))
    }
  }

  @Test func sharesAddUp() throws {
    try profile("mobilenet-v2", "--runs", "2", "--json", "--threads", "2") { run in
      #expect(run.status == 0 && run.errors == "")
      let document = try run.json()
      #expect(document["schema"] as? String == "percept.profile/1" && document["model"] as? String == "mobilenet-v2" && document["threads"] as? Int == 2)
      let steps = try #require(document["steps"] as? [[String: Any]])
      // 52 convolutions, of which six are computed with the expansion before them, the average and the classes.
      #expect(steps.map { $0["step"] as? Int } == Array(0..<48))
      let shares = try steps.map { try #require($0["share"] as? Double) }
      let error = abs(shares.reduce(0, +) - 1)
      #expect(error < 1e-3)
      let first = steps[0], speed = try #require(first["gflops"] as? Double)
      #expect(first["operation"] as? String == "convolution" && first["shape"] as? [Int] == [1, 32, 112, 112] && speed > 0)
      #expect(steps.last?["operation"] as? String == "linear")
      let memory = try #require(document["memory"] as? [String: Int])
      #expect(try #require(memory["planned"]) > 1 << 20 && memory["planned"]! < memory["naive"]!)
      let times = try #require(document["milliseconds"] as? [String: Double])
      #expect(times["run"] ?? 0 > 0 && times["steps"] ?? 0 > 0)
    }
  }

  @Test func aDarknetFileIsATable() throws {
    try profile("small.cfg", "--runs", "5") { run in
      #expect(run.status == 0 && run.errors == "")
      let lines = run.output.split(separator: "\n").map(String.init)
      #expect(lines[0].hasPrefix("small.cfg: 1×3×32×32, ") && lines[0].hasSuffix("medians of 5 runs"))
      #expect(lines[1].split(separator: " ").prefix(5) == ["STEP", "OPERATION", "NODE", "SHAPE", "ALGORITHM"])
      let sum = try #require(lines.firstIndex { $0.contains("all steps") })
      #expect(sum >= 4 && lines[2].contains("convolution") && lines.count == sum + 2)
      #expect(lines[sum].hasSuffix("100.0 %") && lines[sum + 1].hasPrefix("a whole run: "))
      let shares = try lines[2..<sum].map { try #require(Double($0.split(separator: " ").dropLast().last ?? "")) }
      let error = abs(shares.reduce(0, +) - 100), rounding = 0.051 * Double(shares.count)
      #expect(error < rounding)
    }
  }

  @Test func theSlowestComeFirst() throws {
    try profile("small.cfg", "--runs", "3", "--top", "2", "--json", "--quick") { run in
      let steps = try #require(try run.json()["steps"] as? [[String: Any]])
      let times = try steps.map { try #require($0["milliseconds"] as? Double) }
      #expect(times.count == 2 && times[0] >= times[1])
    }
    try profile("small.cfg", "--runs", "3", "--top", "1") { #expect($0.output.contains(" other")) }
  }

  @Test func modelsThatAreNotThere() throws {
    try profile("no-such-model") { #expect($0.status == 64 && $0.errors.contains("no-such-model") && $0.output == "") }
    try profile("missing.cfg") { #expect($0.status == 69 && $0.errors.contains("missing.cfg")) }
    try profile("small.cfg", "--weights", "bad.weights") { #expect($0.status == 69 && $0.errors.contains("bad.weights")) }
    try profile("vgg16", "--weights", "bad.weights") { #expect($0.status == 64 && $0.errors.contains("--weights")) }
    try profile("vgg16", "--top", "0") { #expect($0.status == 64 && $0.errors.contains("--top")) }
  }

  @Test func helpHasExamples() throws {
    try profile("--help") { #expect($0.output.contains("EXAMPLES") && $0.output.contains("yolov3-tiny") && $0.output.contains("--top")) }
  }
}
