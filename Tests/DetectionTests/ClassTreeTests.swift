import Detection
import Testing

@Suite struct ClassTreeTests {
  @Test func readsDarknetsFile() throws {
    let tree = try ClassTree(text: "animal -1\nthing -1\ndog 0\ncat 0\n\ncar 1\n", file: "t.tree")
    #expect(tree.count == 5)
    #expect(try tree == ClassTree(parents: [nil, nil, 0, 0, 1], file: "t.tree"))
  }

  @Test(arguments: [
    ("", "found no root"), ("a 0\n", "line 1 names parent 0"), ("a -1\nb 2\n", "line 2 names parent 2"), ("a -1\nb\n", "line 2: found \"b\""),
    ("a -1\nb x\n", "line 2: found \"b x\""), ("a -1\nb 0\nc -1\n", "line 3: roots"), ("a -1\nb 0\nc 1\nd 0\n", "line 4: the children of 0"),
    ("a -2\n", "line 1: found"),
  ])
  func brokenFilesAreErrorsThatNameTheLine(text: String, problem: String) {
    let error = #expect(throws: DetectionError.self) { try ClassTree(text: text, file: "t.tree") }
    #expect(error?.description.contains("t.tree: ") == true && error?.description.contains(problem) == true, "\(String(describing: error))")
  }
}
