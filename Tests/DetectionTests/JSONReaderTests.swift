import Detection
import Testing

/// The reader behind data sets and results, through what it reads.
@Suite struct JSONReaderTests {
  func score(_ text: String) throws -> Double {
    let json = "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 1, 1], \"score\": \(text)}]"
    return try CocoResults(json: Array(json.utf8), file: "r.json").results[0].score
  }

  func name(_ text: String) throws -> String {
    let json = "{\"images\": [], \"annotations\": [], \"categories\": [{\"id\": 1, \"name\": \(text)}]}"
    return try CocoDataset(json: Array(json.utf8), file: "a.json").categories[0].name
  }

  @Test(arguments: [
    "0", "-0", "1", "-12", "0.1", "0.30000000000000004", "123456789012345678", "12345678901234567890", "3.14159265358979323846", "1e3", "1E-5", "-2.5e+10",
    "9007199254740993", "0.000000000000000000000000123", "1.7976931348623157e308", "4.9e-324", "123456.7890123", "99999999999999999.9",
  ])
  func numbersAreThoseOfTheLibrary(_ text: String) throws { #expect(try score(text) == Double(text)) }

  @Test(arguments: ["", "-", ".5", "1.", "1e", "+1", "1e999", "0x10", "Infinity", "tru", "[1]", "\"1\"", "null"])
  func othersAreErrors(_ text: String) { #expect(throws: DetectionError.self) { try score(text) } }

  @Test func randomNumbersAreExact() throws {
    for _ in 0..<2000 {
      let value = Double.random(in: -1...1) * [1e-8, 1e-3, 1, 1e3, 1e9].randomElement()!
      #expect(try score("\(value)") == value)
    }
  }

  @Test func texts() throws {
    #expect(try name("\"naïve 猫\"") == "naïve 猫")
    #expect(try name(#""a\"b\\c\/d\b\f\n\r\te""#) == "a\"b\\c/d\u{8}\u{c}\n\r\te")
    #expect(try name(#""ch\u00e9 \uD83D\uDC31 ü""#) == "ché 🐱 ü")
    for broken in [#""\x""#, #""\u12""#, #""\u12zz""#, "\"abc", "\"a\\"] { #expect(throws: DetectionError.self) { try name(broken) } }
  }

  @Test func nestingHasALimit() {
    let deep = String(repeating: "[", count: 100_000)
    let error = #expect(throws: DetectionError.self) { try CocoDataset(json: Array("{\"info\": \(deep)".utf8), file: "a.json") }
    #expect(error?.description.contains("nested more than 200 deep") == true)
  }

  @Test func everyCutIsAnError() throws {
    let whole = Array(
      #"{"info": {"a": [1, true, null, "x\n"]}, "images": [{"id": 1}], "categories": [], "annotations": [{"image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4]}]}"#
        .utf8)
    #expect(try CocoDataset(json: whole, file: "a.json").annotations.count == 1)
    #expect(try CocoDataset(json: [0xEF, 0xBB, 0xBF] + whole, file: "a.json").annotations.count == 1)
    for count in 0..<whole.count { #expect(throws: DetectionError.self) { try CocoDataset(json: Array(whole.prefix(count)), file: "a.json") } }
  }
}
