import Media
import Testing

@Suite struct PictureFormatTests {
  @Test func recognizesByContent() {
    #expect(PictureFormat.recognized(in: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]) == .png)
    #expect(PictureFormat.recognized(in: [0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
    #expect(PictureFormat.recognized(in: [0xFF, 0xD8]) == nil)
    #expect(PictureFormat.recognized(in: []) == nil)
    #expect(PictureFormat.recognized(in: Array("a text".utf8)) == nil)
  }

  @Test(arguments: [("a.png", PictureFormat?.some(.png)), ("a.JPG", .jpeg), ("x/y.jpeg", .jpeg), ("a.gif", nil), ("png", nil), ("a.png/b", nil), ("", nil), ("a.", nil)])
  func choosesBySuffix(path: String, format: PictureFormat?) {
    #expect(PictureFormat(suffixOf: path) == format)
  }
}
