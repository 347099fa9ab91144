import Foundation
import Testing

/// `percept lab` as a user runs it.
@Suite struct LabCommandTests {
  @Test func aTableAndPlots() throws {
    try withFolder { folder in
      let run = try Run("percept", ["lab", "planar", "--effort", "0.002"], in: folder)
      #expect(run.status == 0 && run.output.hasPrefix("examples: generated\n") && run.output.contains("hidden units") && run.errors.contains("wrote planar-costs.png"))
      #expect(try contents(of: folder) == ["planar-boundary-0.png", "planar-boundary-4.png", "planar-boundary-50.png", "planar-costs.png"])
    }
  }

  @Test func jsonAndAFolder() throws {
    try withFolder { folder in
      let run = try Run("percept", ["lab", "optimizers", "--effort", "0.002", "--json", "--seed", "5", "-o", "plots"], in: folder), document = try run.json()
      #expect(run.status == 0 && run.errors == "" && document["schema"] as? String == "percept.lab/1" && document["seed"] as? Int == 5)
      let rows = try #require(document["rows"] as? [[String: Any]])
      #expect(rows.count == 6 && rows.allSatisfy { $0["accuracy"] is Double && $0["optimiser"] is String })
      #expect(document["plots"] as? [String] == ["plots/optimizers-boundary-adam.png", "plots/optimizers-costs.png"])
      #expect(try contents(of: folder.appendingPathComponent("plots")).count == 2)
      let bare = try Run("percept", ["lab", "gradient-check", "--no-plots", "--quiet"], in: folder)
      #expect(bare.status == 0 && bare.errors == "" && !bare.output.contains("WRONG"))
    }
  }

  @Test func furtherTables() throws {
    try withFolder { folder in
      let run = try Run("percept", ["lab", "lenet", "--effort", "0.02"], in: folder)
      #expect(run.status == 0 && run.output.contains("\nwhat each digit was taken for\ndigit  ") && run.errors.contains("wrote lenet-filters.png"))
      #expect(try contents(of: folder) == ["lenet-costs.png", "lenet-filters.png", "lenet-mistakes.png"])
      let document = try Run("percept", ["lab", "lenet", "--effort", "0.02", "--json", "--no-plots"], in: folder).json()
      let tables = try #require(document["tables"] as? [[String: Any]]), rows = try #require(tables.first?["rows"] as? [[String: Any]])
      #expect(tables.map { $0["name"] as? String } == ["what each digit was taken for", "most often mistaken"] && rows.count == 10)
      #expect(rows.reduce(0) { sum, row in sum + (0..<10).reduce(0) { $0 + (row["\($1)"] as? Int ?? -1000) } } == 100)
    }
  }

  @Test(arguments: ["tuning", "error-analysis"]) func sameSeedSameBytes(name: String) throws {
    try withFolder { folder in
      for output in ["a", "b"] { #expect(try Run("percept", ["lab", name, "--effort", "0.01", "--seed", "3", "-o", output], in: folder).status == 0) }
      let files = try contents(of: folder.appendingPathComponent("a"))
      #expect(try files.count >= 4 && contents(of: folder.appendingPathComponent("b")) == files)
      for file in files {
        let bytes = try ["a", "b"].map { try Data(contentsOf: folder.appendingPathComponent("\($0)/\(file)")) }
        #expect(bytes[0] == bytes[1], "\(file)")
      }
    }
  }

  @Test func wrongUsage() throws {
    try withFolder { folder in
      let unknown = try Run("percept", ["lab", "planer"], in: folder)
      #expect(unknown.status == 64 && unknown.errors.contains("planar"))
      for arguments in [["planar", "--effort", "0"], ["planar", "--seed", "-1"], []] { #expect(try Run("percept", ["lab"] + arguments, in: folder).status == 64) }
      let missing = try Run("percept", ["lab", "planar", "--data", "nowhere"], in: folder)
      #expect(missing.status == 65 && missing.errors.contains("nowhere/planar/planar_flower.csv") && missing.output == "")
      let empty = try Run("percept", ["lab", "lenet", "--data", "."], in: folder)
      #expect(empty.status == 65 && empty.errors.contains("mnist.npz") && empty.output == "")
      #expect(try Run("percept", ["lab", "--help"], in: folder).output.contains("gradient-check"))
    }
  }
}
