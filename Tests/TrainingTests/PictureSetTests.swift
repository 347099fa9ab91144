import Foundation
import Media
import Testing
import Training

/// Labelled pictures from folders, tables and arrays.
@Suite struct PictureSetTests {
  private func write(_ path: String, _ color: (UInt8, UInt8, UInt8), width: Int = 20, height: Int = 12) throws {
    try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try saveImage(Image(width: width, height: height, filledWith: color), to: path)
  }

  @Test func foldersAreClasses() throws {
    try withFolder { folder in
      try write("\(folder)/other/b.png", (0, 200, 0))
      try write("\(folder)/cat/2.png", (200, 0, 0))
      try write("\(folder)/cat/1.jpg", (100, 0, 0), width: 9, height: 30)
      try write("\(folder)/cat/.hidden.png", (1, 1, 1))
      var seen: [Int] = []
      let set = try PictureSet.load(folder, side: 8) { done, total in
        #expect(total == 3)
        seen.append(done)
      }
      #expect(set.classes == ["cat", "other"] && set.labels == [0, 0, 1] && set.width == 8 && set.height == 8 && seen == [1, 2, 3] && set.isOfFiles)
      #expect(set.names.map { ($0 as NSString).lastPathComponent } == ["1.jpg", "2.png", "b.png"] && set.failures == [])
      #expect(set.image(1) == Image(width: 8, height: 8, filledWith: (200, 0, 0)))
      let x = set.inputs([2, 1])
      #expect(x.shape == [2, 3, 8, 8] && x[0, 1, 7, 7] == 200 && x[0, 0, 0, 0] == 0 && x[1, 0, 3, 3] == 200)
      let part = set.subset([2, 0])
      #expect(part.labels == [1, 0] && part.image(0) == set.image(2) && part.names[1] == set.names[0] && part.fingerprint != set.fingerprint)
      #expect(try PictureSet.load(folder, side: 8).fingerprint == set.fingerprint)
      #expect(try PictureSet.load(folder).width == 64 && set.squared(side: 5).image(2) == Image(width: 5, height: 5, filledWith: (0, 200, 0)))
      #expect(throws: PictureSetError.self) { try PictureSet.load(folder, side: 8, limit: 3 * 8 * 8 * 3 - 1) }
    }
  }

  @Test func theMiddleSquareIsSeen() {
    var image = Image(width: 6, height: 2, filledWith: (0, 0, 0))
    for row in 0..<2 { for column in 2..<4 { image.pixels.replaceSubrange((row * 6 + column) * 3..<(row * 6 + column + 1) * 3, with: [9, 9, 9]) } }
    #expect(image.squared(side: 2) == Image(width: 2, height: 2, filledWith: (9, 9, 9)))
    #expect(image.squared(side: 5) == Image(width: 5, height: 5, filledWith: (9, 9, 9)))
  }

  @Test func whatCannotBeReadIsTold() throws {
    try withFolder { folder in
      try write("\(folder)/a/1.png", (1, 1, 1))
      func error() -> String { do { _ = try PictureSet.load(folder); return "" } catch { return "\(error)" } }
      #expect(error().contains("one folder, “a”"))
      try FileManager.default.createDirectory(atPath: "\(folder)/b", withIntermediateDirectories: true)
      #expect(error().contains("\(folder)/b: found no files"))
      try Data("text".utf8).write(to: URL(fileURLWithPath: "\(folder)/b/no.png"))
      #expect(error().contains("no picture of the class “b” that can be read") && error().contains("no.png"))
      try write("\(folder)/b/yes.png", (1, 1, 1))
      let set = try PictureSet.load(folder)
      #expect(set.count == 2 && set.failures.count == 1 && set.failures[0].contains("no.png"))
      for (name, expected) in [("nowhere", "nowhere"), ("nowhere.h5", "no such file"), ("nowhere.npz", "no such file"), ("nowhere.csv", "no such file")] {
        do { _ = try PictureSet.load("\(folder)/\(name)"); Issue.record("\(name) was read") } catch { #expect("\(error)".contains(expected), "\(error)") }
      }
    }
  }

  @Test func tablesNameFiles() throws {
    try withFolder { folder in
      try write("\(folder)/p/1.png", (10, 20, 30))
      try write("\(folder)/2.png", (40, 50, 60))
      let list = "\(folder)/list.csv"
      func written(_ text: String) throws -> String { try text.write(toFile: list, atomically: true, encoding: .utf8); return list }
      let set = try PictureSet.load(written("file,label\np/1.png,dog\n\(folder)/2.png,cat\n"), side: 4)
      #expect(set.classes == ["dog", "cat"] && set.labels == [0, 1] && set.image(1) == Image(width: 4, height: 4, filledWith: (40, 50, 60)))
      for bad in ["", "file\n", "file,label\np/1.png,dog\n", "file,label\np/1.png\n", "file,label\n,cat\n"] {
        #expect(throws: PictureSetError.self, "\(bad)") { try PictureSet.load(written(bad)) }
      }
    }
  }

  /// `pictures.npz` and `grey.npz`: see make-pictures.py.
  @Test func arraysOfNumPy() throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    let set = try PictureSet.load("\(fixtures)/pictures.npz")
    #expect(set.count == 3 && set.width == 4 && set.height == 2 && set.labels == [2, 0, 1] && set.classes == ["0", "1", "2"] && !set.isOfFiles)
    #expect(set.image(1).pixels == (24..<48).map { UInt8($0) })
    let grey = try PictureSet.load("\(fixtures)/grey.npz", side: 2)
    #expect(grey.labels == [1, 0] && grey.image(0).pixels == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    for bad in ["floats.npz", "short.npz"] {
      do { _ = try PictureSet.load("\(fixtures)/\(bad)"); Issue.record("\(bad) was read") } catch { #expect("\(error)".contains(bad)) }
    }
  }

  @Test(.enabled(if: hasShared, "needs ../shared")) func theCoursesFiles() throws {
    let cats = try PictureSet.load(shared.appendingPathComponent("data/cats/train_catvnoncat.h5").path)
    #expect(cats.count == 209 && cats.width == 64 && cats.classes == ["non-cat", "cat"] && cats.labels.reduce(0, +) == 72)
    let signs = try PictureSet.load(shared.appendingPathComponent("data/signs/test_signs.h5").path, side: 32)
    #expect(signs.count == 120 && signs.width == 32 && signs.classes == ["0", "1", "2", "3", "4", "5"])
    #expect((0..<6).allSatisfy { label in signs.labels.count { $0 == label } == 20 })
  }
}
