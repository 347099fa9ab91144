import Foundation
import Testing

/// `iscat` as a user runs it.
@Suite struct IsCatCommandTests {
  private static let isInstalled: Bool = {
    let environment = ProcessInfo.processInfo.environment, cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
    let folder = environment["PERCEPT_MODELS"] ?? "\(cache)/percept/models"
    return FileManager.default.fileExists(atPath: "\(folder)/efficientnet-lite0/efficientnet-lite0.pth")
  }()
  private static let cat: String? = {
    let shared = ProcessInfo.processInfo.environment["PERCEPT_SHARED"].map { URL(fileURLWithPath: $0) } ?? packageRoot.appendingPathComponent("../shared")
    let path = shared.appendingPathComponent("data/style/persian_cat.jpg").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  private static let needs: Comment = "needs efficientnet-lite0 installed and the sample pictures: Tools/test fetches both"
  private static let needsCat: Comment = "needs efficientnet-lite0 installed and ../shared"

  @Test(.enabled(if: isInstalled && samples != nil, needs)) func picturesWithoutACatSayNo() throws {
    try withFolder { folder in
      let names = ["dog.jpg", "person.jpg", "horses.jpg", "kite.jpg", "eagle.jpg", "giraffe.jpg"]
      let run = try Run("iscat", names.map { samples!.appendingPathComponent($0).path } + ["--jsonl", "--quiet"], in: folder)
      #expect(run.status == 1 && run.errors == "")
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == names.count)
      for line in lines {
        let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(record["cat"] as? Bool == false && record["breed"] is NSNull && record["schema"] as? String == "percept.iscat/1", "\(line)")
      }
      #expect(try contents(of: folder) == [])
    }
  }

  @Test(.enabled(if: isInstalled && cat != nil, needsCat)) func aPictureOfACatSaysYes() throws {
    try withFolder { folder in
      let cat = Self.cat!, plain = try Run("iscat", [cat, "--breed"], in: folder)
      #expect(plain.status == 0 && plain.output.hasPrefix("\(cat): cat, ") && plain.output.contains("  tiger cat "))
      let run = try Run("percept", ["iscat", cat, "--json", "--explain", "looked.png"], in: folder), document = try run.json()
      #expect(run.status == 0 && document["schema"] as? String == "percept.iscat/1")
      let record = try #require((document["results"] as? [[String: Any]])?.first)
      #expect(record["cat"] as? Bool == true && record["breed"] as? String == "tiger cat" && record["file"] as? String == cat)
      #expect(try contents(of: folder) == ["looked.png"])
      #expect(try Run("iscat", [cat, "--threshold", "1", "--quiet"], in: folder).status == 1)
      let several = try Run("iscat", [cat, cat, "--explain", "maps/", "--quiet"], in: folder)
      #expect(several.status == 0 && several.errors == "")
      #expect(try contents(of: folder.appendingPathComponent("maps")) == ["persian_cat-2-explained.png", "persian_cat-explained.png"])
      let piped = try Run("iscat", ["-"], in: folder, input: Data(contentsOf: URL(fileURLWithPath: cat)))
      #expect(piped.status == 0 && piped.output.hasPrefix("-: cat, "))
    }
  }

  @Test(.enabled(if: isInstalled, needs)) func whatCannotBeReadIsToldAndTheOthersAreDone() throws {
    try withFolder { folder in
      try "no picture".write(to: folder.appendingPathComponent("bad.png"), atomically: true, encoding: .utf8)
      let run = try Run("iscat", ["bad.png", "missing.jpg", "--json"], in: folder), document = try run.json()
      #expect(run.status == 65 && run.errors.contains("bad.png") && run.errors.contains("missing.jpg"))
      #expect((document["failures"] as? [[String: Any]])?.count == 2 && (document["results"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func wrongUsage() throws {
    try withFolder { folder in
      for arguments in [["a.jpg", "--threshold", "2"], ["a.jpg", "--json", "--jsonl"], ["-", "-"], ["a.jpg", "--explain", "x.gif"], [], ["a.jpg", "--max-pixels", "0"]] {
        #expect(try Run("iscat", arguments, in: folder).status == 64, "\(arguments)")
      }
      let missing = try Run("iscat", ["a.jpg"], in: folder, environment: ["PERCEPT_MODELS": folder.path])
      #expect(missing.status == 69 && missing.errors.contains("percept models pull efficientnet-lite0") && missing.output == "")
      #expect(try Run("iscat", ["a.jpg", "--model", "none.pth"], in: folder).status == 69)
      let help = try Run("iscat", ["--help"], in: folder)
      #expect(help.status == 0 && help.output.contains("EXAMPLES") && help.output.contains("--explain"))
      #expect(try Run("iscat", ["--version"], in: folder).output.hasPrefix("percept "))
    }
  }
}
