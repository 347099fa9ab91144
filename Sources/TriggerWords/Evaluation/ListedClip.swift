import Files
import ModelFormats

/// A sound file and when the phrase is said in it.
public struct ListedClip: Sendable, Equatable {
  public var path: String
  /// In seconds, by their ends; none where the phrase is not said.
  public var phrases: [ClosedRange<Double>]

  public init(path: String, phrases: [ClosedRange<Double>] = []) {
    self.path = path
    self.phrases = phrases.sorted { $0.upperBound < $1.upperBound }
  }

  /// The suffixes of sound files in folders.
  static let suffixes = [".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".au", ".w64", ".caf"]

  /// Clips that `path` names:
  ///
  /// | path | clips |
  /// |---|---|
  /// | a folder | the sound files in it and below, each with the label track of the same name, `x.txt` beside `x.wav` |
  /// | a table, `.csv` | lines `file,start,end`, one for each time that the phrase is said; a line without times names a clip without it; files relative to the table |
  /// | a sound file | itself, with the label track beside it |
  ///
  /// Where there is no label track the phrase is not said.
  ///
  /// - Throws: ``ClipListError`` when a folder, table or label track cannot be read, or names no clips.
  public static func load(_ path: String) throws(ClipListError) -> [ListedClip] {
    if isFolder(path) {
      let clips = try inFolder(path)
      guard !clips.isEmpty else { throw .content(path: path, found: "no sound files", expected: "WAV, FLAC, Ogg, MP3 or AIFF files in the folder") }
      return clips
    }
    return path.lowercased().hasSuffix(".csv") ? try table(path) : [try clip(path)]
  }

  private static func inFolder(_ folder: String) throws(ClipListError) -> [ListedClip] {
    let names: [String]
    do throws(FileError) { names = try folderContents(folder) } catch { throw .file(error) }
    var clips: [ListedClip] = []
    for name in names where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)", lower = name.lowercased()
      if isFolder(path) { clips += try inFolder(path) } else if suffixes.contains(where: lower.hasSuffix) { clips.append(try clip(path)) }
    }
    return clips
  }

  private static func clip(_ path: String) throws(ClipListError) -> ListedClip {
    let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let stem = path[name...].lastIndex(of: ".").map { path[..<$0] } ?? path[...], labels = "\(stem).txt"
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(labels) } catch {
      if error.reason == .missing { return ListedClip(path: path) }
      throw .file(error)
    }
    return ListedClip(path: path, phrases: try labelTrack(bytes, path: labels))
  }

  /// The labels of an Audacity label track: a line `start⇥end⇥text` each; lines that begin with a backslash tell of frequencies.
  static func labelTrack(_ bytes: [UInt8], path: String) throws(ClipListError) -> [ClosedRange<Double>] {
    var phrases: [ClosedRange<Double>] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
      if text.isEmpty || text.hasPrefix("\\") { continue }
      let fields = text.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 2, let phrase = phrase(fields[0], fields[1]) else {
        throw .content(
          path: "\(path), line \(index + 1)", found: "“\(text.prefix(60))”", expected: "start and end in seconds and a text, with tabs between them, as Audacity exports")
      }
      phrases.append(phrase)
    }
    return phrases
  }

  private static func table(_ path: String) throws(ClipListError) -> [ListedClip] {
    let records: [CSVRecords.Record]
    do throws(CSVError) { records = try CSVRecords.load(path) } catch { throw .table(error) }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var clips: [ListedClip] = [], places: [String: Int] = [:]
    for (index, record) in records.enumerated() {
      let fields = record.fields.map(trimmed)
      if index == 0, fields[0].lowercased() == "file" { continue }
      let file = fields[0].hasPrefix("/") ? fields[0] : folder + fields[0], times = fields.dropFirst().filter { !$0.isEmpty }
      guard !fields[0].isEmpty, fields.count <= 3, times.isEmpty || times.count == 2 else {
        throw .content(path: "\(path), line \(record.line)", found: "\(fields.count) fields", expected: "file,start,end, or a file alone where the phrase is not said")
      }
      let place = places[file] ?? clips.count
      if place == clips.count {
        places[file] = place
        clips.append(ListedClip(path: file))
      }
      guard times.count == 2 else { continue }
      guard let phrase = phrase(fields[1], fields[2]) else {
        throw .content(path: "\(path), line \(record.line)", found: "times “\(fields[1])” and “\(fields[2])”", expected: "seconds, the end not before the start")
      }
      clips[place] = ListedClip(path: file, phrases: clips[place].phrases + [phrase])
    }
    guard !clips.isEmpty else { throw .content(path: path, found: "no clips", expected: "lines file,start,end") }
    return clips
  }

  private static func phrase(_ start: String, _ end: String) -> ClosedRange<Double>? {
    guard let start = Double(start), let end = Double(end), start.isFinite, end.isFinite, start >= 0, end >= start else { return nil }
    return start...end
  }
}

private func trimmed(_ field: String) -> String {
  var text = field[...]
  while text.first == " " { text.removeFirst() }
  while text.last == " " { text.removeLast() }
  return String(text)
}

/// Why a list of clips cannot be read.
public enum ClipListError: Error, CustomStringConvertible {
  case file(FileError)
  case table(CSVError)
  case content(path: String, found: String, expected: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .table(let error): error.description
    case .content(let path, let found, let expected): "\(path): found \(found), expected \(expected)"
    }
  }
}
