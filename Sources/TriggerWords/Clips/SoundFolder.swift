import Files
import Kernels
import Media
import Synchronization

/// The sounds of a folder and the folders in it, as clips of one channel at one rate.
public struct SoundFolder: Sendable {
  public let clips: [SoundClip]
  /// Files that were left out, and why.
  public let problems: [String]

  /// - Parameters:
  ///   - longest: longer sounds are cut into pieces of so many seconds, at the quietest place near each cut; nil keeps them whole.
  ///   - isTrimmed: whether silence before and after is taken off, as for the phrase, whose end is labelled.
  ///   - most: where there are more files, so many are taken, spread evenly over the list of names.
  ///   - count: files that are read at a time.
  ///   - isWanted: by the file's name; for recordings that may hold the phrase.
  /// - Throws: ``SpeechError`` when there is no such folder, or no sound in it can be used.
  public init(
    _ folder: String, sampleRate: Int, longest: Double? = nil, isTrimmed: Bool = true, most: Int = .max, atOnce count: Int = 2,
    isWanted: (String) -> Bool = { _ in true }
  ) throws(SpeechError) {
    var paths = try Self.sounds(in: folder).filter { isWanted(Self.name(of: $0)) }
    if paths.count > max(most, 1) { paths = (0..<max(most, 1)).map { paths[$0 * paths.count / max(most, 1)] } }
    let work = Reading(folder: folder, paths: paths, sampleRate: sampleRate, longest: longest, isTrimmed: isTrimmed)
    ThreadPool(threadCount: max(count, 1)).forEach(paths.count, work) { work, _, index in
      let read = work.read(index)
      work.results.withLock { $0[index] = read }
    }
    let results = work.results.withLock { $0 }
    var clips: [SoundClip] = [], problems: [String] = []
    for index in paths.indices {
      switch results[index] {
      case .clips(let found): clips += found
      case .problem(let problem): problems.append(problem)
      case .missingLibrary(let error): throw SpeechError.audio(error)
      case nil: break
      }
    }
    guard !clips.isEmpty else { throw SpeechError.noSounds(folder: folder, problems: problems) }
    self.clips = clips
    self.problems = problems
  }

  private enum Result { case clips([SoundClip]), problem(String), missingLibrary(AudioError) }

  /// What threads need to read the files, and where they leave what they read.
  private final class Reading: Sendable {
    let folder: String, paths: [String], sampleRate: Int, longest: Double?, isTrimmed: Bool
    let results = Mutex<[Int: Result]>([:])

    init(folder: String, paths: [String], sampleRate: Int, longest: Double?, isTrimmed: Bool) {
      (self.folder, self.paths, self.sampleRate, self.longest, self.isTrimmed) = (folder, paths, sampleRate, longest, isTrimmed)
    }

    func read(_ index: Int) -> Result {
      let path = paths[index]
      do throws(AudioError) {
        let mono = try loadAudio(path).mixedToMono().resampled(to: sampleRate, quality: .fast).samples
        let samples = isTrimmed ? trimmedOfSilence(mono, sampleRate: sampleRate) : mono
        guard meanSquare(samples) > 1e-10 else { return .problem("\(path): the sound is silence") }
        // The folder in the folder is the person, whatever folders are in that.
        let parts = path.dropFirst(folder.count).split(separator: "/"), own = folder.split(separator: "/").last ?? ""
        let speaker = String(parts.count > 1 ? parts[0] : own), pieces = SoundFolder.pieces(samples, sampleRate: sampleRate, longest: longest)
        return .clips(pieces.filter { meanSquare($0) > 1e-9 }.map { SoundClip($0, name: SoundFolder.name(of: path), speaker: speaker) })
      } catch {
        return error.isMissingLibrary ? .missingLibrary(error) : .problem("\(error)")
      }
    }
  }

  private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Paths of files whose suffix is one of a sound, in order.
  private static func sounds(in folder: String, depth: Int = 0) throws(SpeechError) -> [String] {
    let names: [String]
    do { names = try folderContents(folder) } catch { throw SpeechError.file(error) }
    var paths: [String] = []
    for name in names where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      if isFolder(path) {
        if depth < 8 { paths += try sounds(in: path, depth: depth + 1) }
      } else if [".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".au"].contains(where: { name.lowercased().hasSuffix($0) }) {
        paths.append(path)
      }
    }
    return paths
  }

  /// Pieces of up to `longest` seconds: each ends where, in the second half of what it may take, 20 ms are quietest.
  static func pieces(_ samples: [Float], sampleRate: Int, longest: Double?) -> [[Float]] {
    guard let longest, Double(samples.count) > longest * Double(sampleRate) else { return [samples] }
    let most = max(Int(longest * Double(sampleRate)), 2), window = max(sampleRate / 50, 1)
    var pieces: [[Float]] = [], start = 0
    while samples.count - start > most {
      var end = start + most, least = Float.infinity
      for place in stride(from: start + most / 2, to: start + most - window, by: window) {
        var energy: Float = 0
        for n in place..<place + window { energy += samples[n] * samples[n] }
        if energy < least { (least, end) = (energy, place + window / 2) }
      }
      pieces.append(Array(samples[start..<end]))
      start = end
    }
    pieces.append(Array(samples[start...]))
    return pieces
  }
}

/// Where Debian's recorded prompts for telephones are: people who were recorded, in several languages.
public let recordedPromptsFolder = "/usr/share/asterisk/sounds"

/// Whether a recording of this name says none of the phrase's words, by the name: `activated.wav` is left out for “activate”.
public func isFree(ofPhrase phrase: String, fileName: String) -> Bool {
  let name = fileName.lowercased().filter(\.isLetter)
  return !phrase.lowercased().split(separator: " ").contains { word in
    let stem = word.filter(\.isLetter)
    return stem.count > 3 && name.contains(stem.hasSuffix("e") ? String(stem.dropLast()) : stem)
  }
}
