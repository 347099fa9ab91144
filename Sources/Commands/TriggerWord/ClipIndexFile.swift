import Files
import FoundationEssentials
import TriggerWords

/// `percept.triggerword-clips/1`: an index of clips, files relative to it.
struct ClipIndex: Codable {
  /// In seconds.
  struct Event: Codable {
    var start, end: Double
  }
  struct Clip: Codable {
    var file: String
    var seconds: Double
    var events: [Event]
    /// Of a clip that was cut out of a longer sound: which, where it begins there in seconds, and the score that was wrong.
    var source: String?
    var start, score: Double?
  }
  static let schema = "percept.triggerword-clips/1", fileName = "index.json"
  var schema = ClipIndex.schema
  var clips: [Clip]
}

/// The clips that `path` names: an index, or a folder that holds one called `index.json`; else what ``ListedClip/load(_:)`` knows.
///
/// - Throws: ``ClipListError``.
func listedClips(_ path: String) throws(ClipListError) -> [ListedClip] {
  var index = path
  if isFolder(path) {
    let names: [String]
    do throws(FileError) { names = try folderContents(path) } catch { throw .file(error) }
    guard names.contains(ClipIndex.fileName) else { return try ListedClip.load(path) }
    index = path.hasSuffix("/") ? path + ClipIndex.fileName : "\(path)/\(ClipIndex.fileName)"
  } else if !path.lowercased().hasSuffix(".json") {
    return try ListedClip.load(path)
  }
  let bytes: [UInt8]
  do throws(FileError) { bytes = try readFile(index) } catch { throw .file(error) }
  guard let document = try? JSONDecoder().decode(ClipIndex.self, from: Data(bytes)), document.schema == ClipIndex.schema else {
    throw .content(path: index, found: "something else", expected: "an index of clips as `triggerword synth` writes it, schema \(ClipIndex.schema)")
  }
  let folder = index.lastIndex(of: "/").map { String(index[...$0]) } ?? ""
  for clip in document.clips {
    guard clip.events.allSatisfy({ $0.start.isFinite && $0.start >= 0 && $0.end.isFinite && $0.end >= $0.start }) else {
      throw .content(path: index, found: "an event of \(clip.file) that ends before it starts", expected: "times in seconds, the end not before the start")
    }
  }
  return document.clips.map { ListedClip(path: $0.file.hasPrefix("/") ? $0.file : folder + $0.file, phrases: $0.events.map { $0.start...$0.end }) }
}
