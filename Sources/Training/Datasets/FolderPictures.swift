import Files
import Media

extension PictureSet {
  /// The PNG and JPEG files in the folders of a folder, which are the classes, both in alphabetical order. Hidden files are passed over.
  init(folder: String, side: Int, limit: Int, progress: (Int, Int) -> Void) throws(PictureSetError) {
    let classes = try Self.names(in: folder).filter { isFolder("\(folder)/\($0)") }
    guard classes.count >= 2 else {
      throw .content(path: folder, found: classes.isEmpty ? "no folders in it" : "one folder, “\(classes[0])”", expected: "a folder of pictures for each class, two at least")
    }
    var files: [(path: String, label: Int)] = []
    for (label, name) in classes.enumerated() {
      let own = try Self.names(in: "\(folder)/\(name)").map { "\(folder)/\(name)/\($0)" }.filter { !isFolder($0) }
      guard !own.isEmpty else { throw .content(path: "\(folder)/\(name)", found: "no files", expected: "the pictures of the class “\(name)”") }
      files += own.map { ($0, label) }
    }
    try self.init(files, classes: classes, source: folder, side: side, limit: limit, progress: progress)
  }

  /// Pictures in files of their own; those that cannot be read are told in ``failures``.
  init(
    _ files: [(path: String, label: Int)], classes: [String], source: String, side: Int, limit: Int, progress: (Int, Int) -> Void
  ) throws(PictureSetError) {
    try Self.check(source, count: files.count, side: side, limit: limit)
    self.init(classes: classes, width: side, height: side, source: source)
    isOfFiles = true
    for (number, file) in files.enumerated() {
      do throws(ImageError) {
        add(try loadImage(file.path).image.squared(side: side), label: file.label, name: file.path)
      } catch { failures.append("\(error)") }
      progress(number + 1, files.count)
    }
    for (label, name) in classes.enumerated() where !labels.contains(label) {
      throw .content(path: source, found: "no picture of the class “\(name)” that can be read (\(failures.first ?? "none is there"))", expected: "one at least")
    }
  }

  private static func names(in folder: String) throws(PictureSetError) -> [String] {
    do throws(FileError) { return try folderContents(folder).filter { !$0.hasPrefix(".") } } catch { throw .file(error) }
  }
}
