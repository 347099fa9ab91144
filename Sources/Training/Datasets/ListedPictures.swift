import Files
import ModelFormats

extension PictureSet {
  /// The pictures that a table names: a line `file,label` a picture, the header first, paths relative to the table. Classes are in the order in which they appear.
  init(list path: String, side: Int, limit: Int, progress: (Int, Int) -> Void) throws(PictureSetError) {
    let records: [CSVRecords.Record]
    do throws(CSVError) { records = try CSVRecords.load(path) } catch { throw .table(error) }
    guard let header = records.first, header.fields.count >= 2 else {
      throw .content(path: path, found: "no header of two columns", expected: "a first line “file,label”, then a line a picture")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var classes: [String] = [], files: [(path: String, label: Int)] = []
    for record in records.dropFirst() {
      guard record.fields.count == header.fields.count, !record.fields[0].isEmpty, !record.fields[1].isEmpty else {
        throw .content(path: "\(path), line \(record.line)", found: "\(record.fields.count) fields, or an empty one", expected: "a file and a label")
      }
      if !classes.contains(record.fields[1]) { classes.append(record.fields[1]) }
      let file = record.fields[0]
      files.append((file.hasPrefix("/") ? file : folder + file, classes.firstIndex(of: record.fields[1])!))
    }
    guard classes.count >= 2 else { throw .content(path: path, found: "\(classes.count) classes", expected: "two at least in the second column") }
    try self.init(files, classes: classes, source: path, side: side, limit: limit, progress: progress)
  }
}
