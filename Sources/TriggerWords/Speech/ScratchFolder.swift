import Files
import Glibc

/// A private folder below `$TMPDIR`, which is removed with the files in it when the value's life ends.
struct ScratchFolder: ~Copyable {
  let path: String

  init() throws(SpeechError) {
    var template = Array("\(environment("TMPDIR") ?? "/tmp")/percept-speech-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      let place = environment("TMPDIR") ?? "/tmp"
      throw SpeechError.file(FileError(path: place, reason: errno == ENOENT ? .missingFolder : errno == EACCES ? .permission : .system(code: errno)))
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  deinit {
    for name in (try? folderContents(path)) ?? [] { removeFile("\(path)/\(name)") }
    unsafe rmdir(path)
  }
}
