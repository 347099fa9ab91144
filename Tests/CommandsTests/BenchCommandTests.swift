import Foundation
import Testing

/// `percept bench` as a user and as `Tools/bench` run it. That results are checked is shown by the tests of Benchmarks.
@Suite struct BenchCommandTests {
  private func bench(_ arguments: String..., input: String = "") throws -> Run {
    try withFolder { try Run("percept", ["bench"] + arguments, in: $0, input: Data(input.utf8)) }
  }

  /// min ≤ median ≤ max, all above 0.
  private func expectTimes(_ row: [String: Any]) throws {
    let times = try #require(row["milliseconds"] as? [String: Double])
    let (least, median, most) = (try #require(times["min"]), try #require(times["median"]), try #require(times["max"]))
    #expect(least > 0 && least <= median && median <= most)
  }

  @Test func measuresRowsAsJSON() throws {
    let run = try bench("--filter", "pooling 2x2", "--json", "--runs", "3", "--threads", "2")
    #expect(run.status == 0 && run.errors == "")
    let document = try run.json()
    #expect(document["schema"] as? String == "percept.bench/1" && document["threads"] as? Int == 2)
    #expect(["avx512", "avx2", "baseline"].contains(document["isa"] as? String) && (document["machine"] as? String)?.isEmpty == false)
    for figure in ["peak_gflops_per_core", "dispatch_microseconds"] { #expect(try #require(document[figure] as? Double) > 0) }
    let rows = try #require(document["rows"] as? [[String: Any]])
    #expect(rows.map { $0["name"] as? String } == ["max pooling 2×2/2 64×224×224", "average pooling 2×2/2 64×224×224"])
    for row in rows {
      try expectTimes(row)
      #expect(row["runs"] as? Int == 3 && row["gflops"] == nil)
      #expect(try #require(row["gbps"] as? Double) > 0)
    }
  }

  @Test func arithmeticIsCountedInOperations() throws {
    let document = try bench("--filter", "convolution 1x1 160", "--json", "--seconds", "0.01").json()
    let row = try #require((document["rows"] as? [[String: Any]])?.first), speed = try #require(row["gflops"] as? Double)
    #expect(row["name"] as? String == "convolution 1×1 160→960 7×7" && row["algorithm"] as? String == "direct" && speed > 0 && row["gbps"] == nil)
  }

  @Test func printsATable() throws {
    let run = try bench("--filter", "pooling 2x2", "--runs", "1")
    let lines = run.output.split(separator: "\n")
    #expect(run.status == 0 && run.errors == "" && lines.count == 4)
    #expect(lines[0].contains("GFLOP/s, empty dispatch") && lines[1].hasPrefix("ROW") && lines[2].hasPrefix("max pooling 2×2/2 64×224×224"))
    #expect(lines[2].hasSuffix("GB/s"))
  }

  @Test func listsTheRowsOfTheSpeedTable() throws {
    let run = try bench("--list")
    #expect(run.output.hasPrefix("yolov3-tiny fp32\nvgg16 fp32\nresnet50 fp32\nmobilenet-v2 fp32\n"))
  }

  @Test func answersLineByLine() throws {
    let run = try bench("--serve", "--runs", "2", input: "machine\nmax pooling 2×2/2 64×224×224\nno such row\n")
    let lines = try run.output.split(separator: "\n").map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    #expect(run.status == 0 && lines.count == 3)
    #expect(lines[0]["isa"] is String)
    try expectTimes(lines[1])
    #expect((lines[2]["error"] as? String)?.contains("no such row") == true)
  }

  @Test func wrongUsageIsExplained() throws {
    for (arguments, words) in [
      (["--filter", "nothing like it"], ["nothing like it", "--list"]), (["--runs", "0"], ["--runs", "found 0"]), (["--seconds", "-1"], ["--seconds"]),
      (["--threads", "0"], ["--threads"]),
    ] {
      let run = try withFolder { try Run("percept", ["bench"] + arguments, in: $0) }
      #expect(run.status == 64 && run.output == "")
      for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
    }
  }

  @Test func helpHasExamples() throws {
    let help = try bench("--help").output
    #expect(help.contains("EXAMPLES") && help.contains("--filter") && help.contains("--threads") && !help.contains("--serve"))
  }
}
