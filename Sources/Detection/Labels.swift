import Files

/// The names of a network's classes: the lines of the file at `path`, else COCO's when there are 80, else numbers.
func readLabels(_ path: String?, classes: Int) throws(DetectorError) -> [String] {
  guard let path else { return classes == CocoLabels.names.count ? CocoLabels.names : (0..<classes).map { "class \($0)" } }
  let bytes: [UInt8]
  do throws(FileError) { bytes = try readFile(path, atMost: 1 << 24) } catch { throw .labels(error) }
  var lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
  while lines.last?.isEmpty == true { lines.removeLast() }
  guard lines.count >= classes else { throw .tooFewLabels(file: path, found: lines.count, expected: classes) }
  return Array(lines.prefix(classes))
}
