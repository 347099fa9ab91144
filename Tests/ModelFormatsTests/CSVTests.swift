import Files
import ModelFormats
import Tensors
import Testing

@Suite struct CSVTests {
  private func load(_ text: String, header: CSVTable.Header = .automatic, separator: Unicode.Scalar = ",") throws -> CSVTable {
    let folder = try ScratchFolder()
    return try CSVTable.load(try folder.write("a.csv", Array(text.utf8)), header: header, separator: separator)
  }

  private func records(_ text: String) throws -> [CSVRecords.Record] {
    let folder = try ScratchFolder()
    return try CSVRecords.load(try folder.write("a.csv", Array(text.utf8)))
  }

  @Test(arguments: ["x,y\n1,2\n3,4\n", "x,y\r\n1,2\r\n3,4", "x,y\r1,2\r3,4\r", "\u{FEFF}x,y\n1,2\n\n3,4\n\n", "\"x\",\"y\"\n\"1\", 2 \n\t3,\"4\"\n"])
  func headerAndNumbers(_ text: String) throws {
    let table = try load(text)
    #expect(table.columns == ["x", "y"])
    #expect(table.numbers == Tensor([2, 2], [1, 2, 3, 4]))
    #expect(table.column("y") == 1 && table.column("z") == nil)
  }

  @Test func headersAreFoundOrSaid() throws {
    #expect(try load("1,2\n3,4\n").columns == nil)
    #expect(try load("1,2\n3,4\n", header: .present).columns == ["1", "2"])
    #expect(try load("1,2\n3,4\n", header: .present).numbers.shape == [1, 2])
    #expect(problem { _ = try load("x,y\n3,4\n", header: .absent) }?.contains("line 1, column 1: expected a number, found “x”") == true)
    #expect(problem { _ = try load("1,y\n3,4\n") }?.contains("line 1, column 2: expected a number, found “y”") == true)
  }

  @Test func numbersAreReadExactly() throws {
    let texts = ["0.1", "-0", "1e-45", "3.4028235e38", "16777217", "+5", "-1.5E+3", ".5", "123456789.987654321", "0.30000001192092896"]
    let table = try load(texts.joined(separator: ",") + "\n")
    #expect(table.numbers.elements.map(\.bitPattern) == texts.map { Float($0)!.bitPattern })
    #expect(try load("1;2\n", separator: ";").numbers.elements == [1, 2])
  }

  static let cases: [(text: String, expected: String)] = [
    ("", "expected rows of numbers, found none"),
    ("x,y\n", "expected rows of numbers, found none"),
    ("x,y\n1,\n", "line 2, column 2: expected a number (“y”), found nothing"),
    ("x,y\n1, \n", "line 2, column 2: expected a number (“y”), found nothing"),
    ("x,y\n,1\n", "line 2, column 1: expected a number (“x”), found nothing"),
    ("1,,3\n", "line 1, column 2: expected a number, found nothing"),
    ("x,y\n1,2\n1,2,3\n", "line 3: expected 2 fields as in the first line, found 3"),
    ("x,y\n1,2\n1\n", "line 3: expected 2 fields as in the first line, found 1"),
    ("x\n1\n\n\nnan\n", "line 5, column 1: expected a number (“x”), found “nan”"),
    ("x\ninf\n", "found “inf”"), ("x\n1e99\n", "found “1e99”"),
    ("x\n0x10\n", "found “0x10”"), ("x\n1.2.3\n", "found “1.2.3”"), ("x\n1 2\n", "found “1 2”"), ("x\n-\n", "found “-”"),
    ("x,\"a\nb\"\n1,z\n", "line 3, column 2: expected a number (“a\nb”), found “z”"),
    ("x,y\n1,\"2\n", "line 2, column 2: expected a quotation mark at the end of the field, found the end of the file"),
    ("x,y\n1,\"2\"3\n", "line 2, column 2: expected the end of the field after a quotation mark"),
    ("x,y\n1,2\"3\n", "line 2, column 2: found a quotation mark inside a field"),
  ]

  @Test(arguments: cases) func whatIsWrongHasAPlace(_ test: (text: String, expected: String)) throws {
    let message = try #require(problem { _ = try load(test.text) })
    #expect(message.contains("a.csv, line ") && message.contains(test.expected), "\(message)")
  }

  @Test func quotedFields() throws {
    #expect(try records("\"a,b\",\"c\"\"d\"\n\"e\nf\",\"\"\r\n,\n") == [
      CSVRecords.Record(line: 1, fields: ["a,b", "c\"d"]),
      CSVRecords.Record(line: 2, fields: ["e\nf", ""]), CSVRecords.Record(line: 4, fields: ["", ""]),
    ])
    #expect(try records("a,") == [CSVRecords.Record(line: 1, fields: ["a", ""])])
    #expect(try records("\n\r\n\n") == [])
  }

  @Test func bytesThatAreNoText() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("a.csv", [0x31, 0x0A, 0xFF, 0x0A])
    #expect(problem { _ = try CSVTable.load(path) }?.contains("line 2, column 1: expected text in UTF-8") == true)
    #expect(problem { _ = try CSVTable.load("/no/such/file") }?.contains("no such file") == true)
  }

  /// Fields joined as the format says come apart as they were.
  @Test func everyTextSurvivesQuoting() throws {
    var generator = RandomNumbers(seed: 3)
    let letters: [Character] = ["a", "é", ",", "\"", "\n", " ", "1"]
    for _ in 0..<200 {
      func text() -> String { String((0..<Int.random(in: 1...6, using: &generator)).map { _ in letters.randomElement(using: &generator)! }) }
      let rows = (0..<3).map { _ in [text(), text()] }
      let joined = rows.map { $0.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") }.joined(separator: "\r\n")
      #expect(try records(joined).map(\.fields) == rows)
    }
  }

  @Test(
    .enabled(if: Place.shared("planar/moons.csv") != nil, "needs the course's data: PERCEPT_SHARED"),
    arguments: ["planar/planar_flower.csv", "planar/moons.csv", "planar/circles_train.csv", "planar/circles_test.csv", "regularization/train.csv"])
  func dataSetsOfTheCourse(_ file: String) throws {
    let table = try CSVTable.load(try #require(Place.shared(file)))
    let rows = table.numbers.shape[0]
    #expect(table.columns?.prefix(2) == ["x1", "x2"] && table.columns?.count == 3)
    #expect(Set((0..<rows).map { table.numbers[$0, 2] }) == [0, 1] && rows > 50)
    if file == "planar/planar_flower.csv" { #expect(rows == 400 && table.numbers[0, 0] == 1.204442292254319) }
  }

  @Test(.enabled(if: Place.shared("text/train_emoji.csv") != nil, "needs the course's data: PERCEPT_SHARED")) func sentences() throws {
    let sentences = try CSVRecords.load(try #require(Place.shared("text/train_emoji.csv")))
    #expect(sentences.first?.fields == ["never talk to me again", "3", "", ""] && sentences.allSatisfy { Int($0.fields[1]) != nil })
  }
}
