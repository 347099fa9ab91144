import Files
import FoundationEssentials
import TriggerWords

/// What is read of `percept.triggerword-clips/1`, the index that `triggerword synth` writes: files are relative to it.
private struct ListedIndex: Decodable {
  /// In seconds.
  struct Occurrence: Decodable {
    let start, end: Double
  }
  struct Clip: Decodable {
    let file: String
    let positives: [Occurrence]
  }
  static let schema = "percept.triggerword-clips/1"
  let schema: String
  let clips: [Clip]
}

/// The index of clips that hold no phrase, cut out of recordings, in the same schema.
struct MinedIndex: Encodable {
  struct Clip: Encodable {
    let file: String
    let seconds: Double
    /// None.
    let positives: [Double]
    /// Which recording, where the clip begins in it, in seconds, and the score that was wrong.
    let source: String
    let start, score: Double
  }
  let schema = ListedIndex.schema
  let clips: [Clip]
}

/// What an index in a folder is called.
let clipIndexName = "clips.json"

/// The clips that `path` names: an index, or a folder that holds one called `clips.json`; else what ``ListedClip/load(_:)`` knows.
///
/// - Throws: ``ClipListError``.
func listedClips(_ path: String) throws(ClipListError) -> [ListedClip] {
  var index = path
  if isFolder(path) {
    let names: [String]
    do throws(FileError) { names = try folderContents(path) } catch { throw .file(error) }
    guard names.contains(clipIndexName) else { return try ListedClip.load(path) }
    index = path.hasSuffix("/") ? path + clipIndexName : "\(path)/\(clipIndexName)"
  } else if !path.lowercased().hasSuffix(".json") {
    return try ListedClip.load(path)
  }
  let bytes: [UInt8]
  do throws(FileError) { bytes = try readFile(index) } catch { throw .file(error) }
  guard let document = try? JSONDecoder().decode(ListedIndex.self, from: Data(bytes)), document.schema == ListedIndex.schema else {
    throw .content(path: index, found: "something else", expected: "an index of clips as `triggerword synth` writes it, schema \(ListedIndex.schema)")
  }
  let folder = index.lastIndex(of: "/").map { String(index[...$0]) } ?? ""
  for clip in document.clips {
    guard clip.positives.allSatisfy({ $0.start.isFinite && $0.start >= 0 && $0.end.isFinite && $0.end >= $0.start }) else {
      throw .content(path: index, found: "an occurrence in \(clip.file) that ends before it starts", expected: "times in seconds, the end not before the start")
    }
  }
  return document.clips.map { ListedClip(path: $0.file.hasPrefix("/") ? $0.file : folder + $0.file, phrases: $0.positives.map { $0.start...$0.end }) }
}
